/** Floods are bounded: each limit has a typed refusal and a line in `skep doctor`. */
export default {
  "flood.pace": "A measure of pace lets a minute's worth through at once and then refills evenly; who waits as told is taken.",
  "flood.messages": "A sender above its messages a minute is refused with the time to wait; other senders are not.",
  "flood.calls": "A session above its tool calls a minute is refused in every tool with the time to wait; other sessions are not.",
  "flood.http": "A caller with too many calls under way is told to wait, further connections are closed, and others are served meanwhile.",
  "flood.tasks": "No plan, task or proposal brings a swarm above the tasks it may ever have.",
  "flood.agents": "A queen gets no more agents than a swarm may ever have had; the operator may go on.",
  "flood.starts":
    "No more sessions of a swarm are started in a minute than the limit, whatever dies; who waits says so and goes on by itself.",
  "flood.questions": "No agent has more questions waiting for a person than the limit.",
  "flood.log": "With a log that is nearly full agents add nothing and may end what they hold; skep and the operator go on.",
  "flood.table": "The page on security lists the limits of floods, each with its refusal, its line in doctor and what shows it.",
  "flood.doctor": "Every limit of floods has a line in doctor, with the use that is nearest to it.",
} as const;
