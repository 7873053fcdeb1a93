/** Sessions that are kept from job to job, through a real host. */
import { afterEach, expect, test } from "vitest";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const TEAM = "id: three\ntitle: Three\nseats: [{role: queen}, {role: reviewer}, {role: developer}]\n";

test("[e2e.kept] a worker and a reviewer whose sessions are kept do job after job in one process each", async () => {
  const rig = await makeRig({
    playbook: TWO_TASKS,
    files: { ".skep/templates/teams/three.yaml": TEAM },
    harness: (scripted) => [
      "  default: scripted",
      `  adapters: {scripted: {settings: ${JSON.stringify(scripted)}}}`,
      "  roles: {developer: {session: kept}, reviewer: {session: kept}}",
    ],
  });
  rigs.push(rig);
  const swarm = await rig.create("Write two files", "three");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const wanted = events.flatMap((event) => (event.type === "session_wanted" ? [event.seat] : []));
  // The first worker dies once, as its playbook says; everything after it is one session.
  expect(wanted.filter((seat) => seat === "reviewer")).toHaveLength(1);
  expect(wanted.filter((seat) => seat === "dev-0")).toHaveLength(2);
  const reviews = events.flatMap((event) => (event.type === "review_recorded" ? [event.task] : []));
  expect(reviews).toEqual(["t1", "t2"]);
  expect(rig.repo.git("log", "--format=%s", `${swarm.state.base}..${swarm.state.branch}`)).toBe("Write t2.txt\nWrite t1.txt");
}, 90_000);
