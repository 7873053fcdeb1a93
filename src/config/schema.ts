/**
 * Everything a project may set in `.skep/config.yaml`: one strict schema, each field described, each default here and
 * nowhere else. Times are in the unit of the field's name.
 */
import { z } from "zod";
import { LAND_STRATEGIES } from "../domain/landing.ts";
import { DEFAULT_LIMITS } from "../domain/limits.ts";
import { checks } from "./checks-schema.ts";
import { floods } from "./floods-schema.ts";
import { merge } from "./merge-schema.ts";
import { retention } from "./retention-schema.ts";
import { review } from "./review-schema.ts";
import { scaling } from "./scaling-schema.ts";
import { supervision } from "./supervision-schema.ts";
import { argv, count, id, inside, minutes } from "./values.ts";

export const CONFIG_FILE = ".skep/config.yaml";

const MINUTE = 60_000;
const minutesOf = (ms: number): number => ms / MINUTE;

const worktree = z
  .strictObject({
    setup: z
      .array(argv)
      .max(20)
      .nullable()
      .default(null)
      .describe("Commands, each a list of program and arguments, that prepare every worktree; null guesses them from the lock files."),
    copy: z.array(inside).max(100).default([]).describe("Ignored files, such as .env.test, copied from the checkout into every worktree."),
    setupMinutes: minutes.default(10).describe("Time limit of one setup run."),
    root: z
      .string()
      .regex(/^(\/|~\/)[^\0\n]+$/, "must be an absolute path or begin with ~/")
      .nullable()
      .default(null)
      .describe("Folder for worktrees; null is the user's state folder."),
  })
  .describe("How agents' worktrees are made and prepared.");

const limits = z
  .strictObject({
    attempts: count.default(DEFAULT_LIMITS.attempts).describe("Attempts per task before a human is asked."),
    rounds: count.default(DEFAULT_LIMITS.rounds).describe("Reviews per task that may ask for changes before a human is asked."),
    refusals: count.default(DEFAULT_LIMITS.refusals).describe("Submissions refused for scope or emptiness in one attempt before it ends."),
    workers: z.number().int().min(1).max(64).default(DEFAULT_LIMITS.workers).describe("Workers at the same time."),
    planRevisions: count
      .default(DEFAULT_LIMITS.planRevisions)
      .describe("Plan revisions in a row without an approval before a human is asked."),
    planReviewMinutes: minutes
      .default(minutesOf(DEFAULT_LIMITS.planReviewMs))
      .describe("How long a plan review may take before a human is asked."),
    reservedMinutes: minutes
      .default(minutesOf(DEFAULT_LIMITS.reservedMs))
      .describe("How long a returned task waits for the worker that knows it."),
    retryingMinutes: minutes
      .default(minutesOf(DEFAULT_LIMITS.retryingMs))
      .describe("A CLI that does nothing but retry its model for this long is stopped until its provider serves."),
    sessionMinutes: minutes
      .default(minutesOf(DEFAULT_LIMITS.sessionMs))
      .describe("Longest life of one session; what it waited for others is not counted."),
    turns: count.default(DEFAULT_LIMITS.turns).describe("Turns per session."),
    steps: count.default(DEFAULT_LIMITS.steps).describe("Model calls in one turn, where the agent CLI can count them."),
    lapses: count.default(DEFAULT_LIMITS.lapses).describe("Failed sessions of one seat in a row before a human is asked."),
  })
  .describe("Caps. A cap that is reached asks a human, it never approves anything.");

const money = z.number().positive().max(1_000_000).nullable().default(null);
const amount = z.number().int().positive().max(1e12).nullable().default(null);
const time = z.number().positive().max(100_000).nullable().default(null);
const caps = (of: string) => ({
  usd: money.describe(`US dollars of ${of}.`),
  tokens: amount.describe(`Input and output tokens of ${of}.`),
  turns: amount.describe(`Turns of ${of}.`),
});

const budgets = z
  .strictObject({
    swarm: z
      .strictObject({
        ...caps("a whole swarm"),
        minutes: time.describe("Minutes a swarm may run, pauses left out."),
        agents: z.number().int().min(2).max(64).nullable().default(null).describe("Agents at the same time, queen and reviewers included."),
      })
      .prefault({})
      .describe("Of one swarm; at a cap it is paused and a human is asked."),
    task: z
      .strictObject({ ...caps("one task, all attempts and reviews"), minutes: time.describe("Minutes of turns on one task.") })
      .prefault({})
      .describe("Of one task; at a cap the task is parked and a human is asked."),
    agent: z
      .strictObject({ ...caps("one agent"), minutes: time.describe("Minutes of turns of one agent.") })
      .prefault({})
      .describe("Of one agent in one swarm; at a cap the agent is parked and a human is asked."),
    day: z
      .strictObject(caps("all swarms of the project on one day (UTC)"))
      .prefault({})
      .describe("At a cap swarms pause until the day ends."),
    warnPercent: z
      .number()
      .min(1)
      .max(100)
      .default(DEFAULT_LIMITS.warnAt * 100)
      .describe("Percent of a cap at which a warning is shown."),
  })
  .describe("Hard caps, looked at before each turn and session. Null is no cap.");

/** What one harness or one role changes about its sessions. */
const override = {
  model: z.string().min(1).max(200).optional().describe("Model name as the CLI takes it."),
  preset: z.enum(["read-only", "guarded", "full"]).optional().describe("What a session may do."),
  commands: z
    .array(argv)
    .max(100)
    .optional()
    .describe("Programs the guarded preset allows beside its own, as beginnings of argument lists."),
  settings: z.record(z.string(), z.json()).optional().describe("Settings only this harness knows, e.g. the path of a playbook."),
};

const fallback = z.array(id).max(8);

const harness = z
  .strictObject({
    default: id.default("claude").describe("Harness of every role that names none."),
    fallback: fallback.default([]).describe("Harnesses a role turns to, in this order, when its provider does not serve."),
    allowFull: z.boolean().default(false).describe("Whether the preset full, which forbids nothing, may be used at all."),
    adapters: z.record(id, z.strictObject(override)).default({}).describe("Per harness: model, preset, commands, settings."),
    roles: z
      .record(
        id,
        z.strictObject({
          harness: id.optional().describe("Harness of this role."),
          fallback: fallback.optional().describe("Harnesses this role turns to when its provider does not serve."),
          session: z.enum(["fresh", "kept"]).optional().describe("A fresh session for each job, or one kept from job to job."),
          ...override,
        }),
      )
      .default({})
      .describe("Per role: harness, model, preset, commands, settings; wins over `adapters`."),
  })
  .describe("Which agent CLI runs which role.");

const dollars = z.number().min(0).max(10_000);
const prices = z
  .array(z.strictObject({ model: z.string().min(1).max(200), input: dollars, cached: dollars.optional(), output: dollars }))
  .max(200)
  .default([])
  .describe(
    "What models cost, in US dollars per million tokens, for agent CLIs that report no money; looked at before the shipped prices.",
  );

const land = z
  .strictObject({
    strategy: z.enum(LAND_STRATEGIES).default("fast-forward").describe("How the work comes to your branch when the call does not say."),
    remote: z
      .string()
      .regex(/^[A-Za-z0-9_][\w./-]{0,99}$/, "is no name of a remote")
      .nullable()
      .default(null)
      .describe("Remote a pull request is pushed to; null is the one your branch tracks, else origin."),
  })
  .describe("How landing is done.");

const rules = z
  .strictObject({
    characters: z
      .number()
      .int()
      .min(0)
      .max(8000)
      .default(1200)
      .describe("How much of the rules a briefing or a review request tells; what is left out is counted there."),
    off: z.array(id).max(100).default([]).describe("Rules, shipped or the project's own, that do not hold here."),
  })
  .describe("Rules of coding and conduct, beside the files in .skep/rules/.");

export const configSchema = z.strictObject({
  team: id.default("minimal").describe("Team of a swarm that names none."),
  automation: z
    .number()
    .int()
    .min(1)
    .max(3)
    .default(1)
    .describe(
      "When a swarm asks you, beside what cannot go on by itself: 1 never, 2 before a plan begins and before the work lands, 3 also before each task merges.",
    ),
  worktree: worktree.prefault({}),
  checks: checks.prefault({}),
  review: review.prefault({}),
  merge: merge.prefault({}),
  rules: rules.prefault({}),
  limits: limits.prefault({}),
  supervision: supervision.prefault({}),
  budgets: budgets.prefault({}),
  floods: floods.prefault({}),
  scaling: scaling.prefault({}),
  harness: harness.prefault({}),
  land: land.prefault({}),
  retention: retention.prefault({}),
  prices,
});

export type Config = z.output<typeof configSchema>;
export const DEFAULT_CONFIG: Config = configSchema.parse({});
