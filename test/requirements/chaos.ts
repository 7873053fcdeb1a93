/** What holds whatever goes wrong at once, and that the runner which shows it would see it broken. */
export default {
  "chaos.run":
    "whole swarms under kills, stops past the lease, torn lines, failing disks, stepped clocks, lost locks and two hosts at once end, and nothing acknowledged is lost, no task owned twice, nothing unapproved merged, no process left",
  "chaos.points": "every failpoint of the chaos runner is met by a swarm",
  "chaos.plan": "a seed gives one plan of faults, which is data and never asks more of a keeper than it repairs",
  "chaos.plan.points": "a plan of 200 kills lets a process die before and after every write, sync, link, rename and effect",
  "chaos.shrink": "faults that are not needed for a failure are left out",
  "chaos.judge.lost": "the judge sees a lost or doubled commit, letter or command",
  "chaos.judge.twice": "the judge sees a task in two hands",
  "chaos.judge.merge": "the judge sees a merge that nobody else approved, or of other files",
} as const;
