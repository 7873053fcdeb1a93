/** The block `floods`: how much agents may send, ask and add before they are refused. */
import { z } from "zod";
import { DEFAULT_FLOODS } from "../domain/flood.ts";

const most = (max: number) => z.number().int().min(1).max(max);

export const floods = z
  .strictObject({
    messagesPerMinute: most(1_000_000)
      .default(DEFAULT_FLOODS.messagesPerMinute)
      .describe("Messages an agent may send in a minute; one to several readers counts for each of them. Four times as many for you."),
    callsPerMinute: most(1_000_000)
      .default(DEFAULT_FLOODS.callsPerMinute)
      .describe("Tool calls a session may make in a minute. Four times as many for you."),
    startsPerMinute: most(100_000)
      .default(DEFAULT_FLOODS.startsPerMinute)
      .describe("Sessions of a swarm that may be started in a minute, resumed ones included; further ones wait."),
    tasks: most(10_000).default(DEFAULT_FLOODS.tasks).describe("Tasks a swarm may ever have, proposals and cancelled ones included."),
    agents: most(10_000).default(DEFAULT_FLOODS.agents).describe("Agents a swarm may ever have had before its queen gets no new ones."),
    questions: most(100).default(DEFAULT_FLOODS.questions).describe("Questions of one agent that may wait for you at the same time."),
    commits: most(10_000_000)
      .default(DEFAULT_FLOODS.commits)
      .describe("Commits in a swarm's log after which agents may only finish what they hold."),
  })
  .describe("Limits of floods. What is refused says when to try again, or what to do instead.");
