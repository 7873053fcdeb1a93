/** What `--json` prints, command by command. The tests of the commands hold their output to it; docs/json.md is written from it. */
import { z } from "zod";
import { TOOLS } from "../../tools/index.ts";
import { at, counts, endedTask, finding, gate, look, maybe, object, preview, spend, spent, text, texts, version } from "./parts.ts";

export interface Shape {
  /** When it is printed, where a command prints more than one. */
  readonly when?: string;
  readonly facts: z.ZodType;
}

/** What a tool of the same act answers an MCP client with. */
function answerOf(name: string): z.ZodType {
  const output = TOOLS.find((tool) => tool.name === name)?.output;
  if (!output) throw new Error(`no tool ${name} with facts`);
  return object({ ...version, ...(output as z.ZodObject).shape });
}

const plain = (fields: z.ZodRawShape): readonly Shape[] => [{ facts: object({ ...version, ...fields }) }];
const when = (said: string, fields: z.ZodRawShape): Shape => ({ when: said, facts: object({ ...version, ...fields }) });

const letter = { to: text(), id: text(), state: z.enum(["stored", "offered", "seen"]) };
const branch = { branch: text(), tip: text(), target: maybe(), landed: maybe(), pullRequest: maybe() };
const ended = object({ swarm: text(), bytes: z.number(), endedAt: at(), why: text() });
const ref = object({ ref: text(), kind: text(), sha: text(), at: at(), subject: text(), why: text(), backup: z.boolean() });
const judged = { planted: z.number(), caught: z.number(), unsure: z.number(), missed: z.number(), clean: z.number(), alarms: z.number() };

/** What a pipeline would do. */
const previewed = {
  ...{ name: text(), title: text(), goal: text(), team: text(), policy: text(), seats: texts(), gates: texts(), conditions: texts() },
  waves: z.array(z.array(object({ task: text(), title: text(), role: text(), files: texts(), after: texts(), criteria: texts() }))),
  ...{ checks: texts(), budget: text(), worth: texts(), problems: texts() },
};

/** What is told of a swarm that was followed to its end. */
const ending = {
  ...{ swarm: text(), title: text(), status: text(), plan: object({ revision: z.number(), status: text() }) },
  ...{ tasks: z.array(endedTask()), spent: spent(), seconds: z.number(), ...branch, gates: z.array(gate()) },
};

/** By name of the command, for those that know `--json`. */
export const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  answer: [{ facts: answerOf("gate_answer") }],
  attach: [
    when("with --back", { swarm: text(), agent: text(), returned: z.boolean() }),
    when("else", {
      ...{ swarm: text(), agent: text(), session: text(), argv: texts(), cwd: text(), next: text() },
      env: z.record(z.string(), z.string()).describe("to be set for it"),
    }),
  ],
  check: [
    when("with --install or --remove", { where: text(), verb: text(), changed: z.boolean(), changes: z.array(object({})), note: text() }),
    when("else", {
      blocked: z.boolean(),
      base: text().optional().describe("absent: there is no change"),
      sha: text().optional(),
      checks: z.array(object({ check: text(), passed: z.boolean(), ms: z.number() })),
      findings: z.array(finding()),
    }),
  ],
  config: plain({
    ...{ root: maybe(), commit: maybe() },
    uncommitted: z.boolean().describe("whether the config in your checkout says something else"),
    settings: z.array(object({ name: text(), value: z.unknown(), from: text(), where: maybe() })),
  }),
  "dead-letters": [
    when("with --resend", { id: text(), repeated: z.boolean(), to: text() }),
    when("else", {
      swarm: text(),
      letters: z.array(object({ id: text(), to: text(), why: text(), from: text().optional(), subject: text().optional() })),
    }),
  ],
  demo: plain({
    ...{ ok: z.boolean(), swarm: text(), status: text(), seconds: z.number(), waves: z.array(texts()), workers: texts() },
    shown: z.array(object({ id: text(), gate: text(), promise: text(), happened: maybe(), ok: z.boolean() })),
    tasks: z.array(endedTask()),
    commits: z.array(object({ commit: text(), subject: text() })),
    landed: object({ branch: text(), commit: text() }).nullable(),
    spent: spent(),
    repository: maybe().describe("null: it was removed"),
  }),
  doctor: plain({ ok: z.boolean(), mended: z.array(look()).optional().describe("with --fix"), looks: z.array(look()) }),
  gc: plain({
    removed: z.boolean().describe("whether it was done, or only shown"),
    ...{ remove: z.array(ref), keep: z.array(ref) },
    worktrees: z.array(object({ path: text(), dirty: texts() })),
    skipped: z.array(object({ swarm: text(), why: text() })),
    ...{ transcripts: z.array(ended), archive: z.array(ended) },
    discard: z.array(object({ swarm: text(), bytes: z.number(), packedAt: at() })),
  }),
  init: plain({
    root: text(),
    clis: z.array(object({ id: text(), found: z.boolean(), version: maybe(), signedIn: z.boolean().nullable(), says: text() })),
    clients: texts(),
    commands: object({}).describe("what was found for setup, tests and build"),
    changes: z.array(object({})),
    kept: texts(),
    refused: z.array(object({ code: text(), message: text(), next: text(), retryable: z.boolean() })),
    changed: z.boolean(),
  }),
  land: [{ facts: answerOf("swarm_land") }],
  logs: [
    when("of a swarm", { swarm: text(), events: z.array(object({ seq: z.number(), at: at(), by: text(), type: text() })) }),
    { when: "of an agent, one object per line", facts: object({ session: text(), at: at(), type: text() }) },
  ],
  notify: plain({ sent: z.array(object({ by: text(), problem: maybe() })) }),
  pause: [{ facts: answerOf("swarm_pause") }],
  pipeline: [
    when("list", {
      pipelines: z.array(object({ name: text(), title: text(), about: text(), variables: texts(), own: z.boolean() })),
      problems: texts(),
    }),
    when("preview", previewed),
    when("start, at the end of its swarm", ending),
  ],
  report: plain({
    ...{ swarm: text(), title: text(), goal: text(), team: text(), status: text(), ending: text() },
    ...{ startedAt: at(), endedAt: at().nullable(), ms: z.number(), ranMs: z.number() },
    plan: object({ revision: z.number(), status: text(), conditions: texts() }),
    work: object({ state: text(), branch: text(), land: maybe().describe("the command"), undo: maybe() }),
    tasks: z.array(object({ task: text(), title: text(), status: text(), authors: texts(), reviewers: texts(), spent: spend() })),
    caught: object({}).describe("what each gate let through and stopped"),
    spent: spend(),
    seats: z.array(object({ seat: text(), role: text(), harness: text() })),
    phases: z.array(object({ phase: text(), spent: spend() })),
    gates: z.array(object({})),
    timeline: z.array(object({ at: at(), what: text() })),
    lessons: z.array(object({})),
  }),
  resume: [{ facts: answerOf("swarm_resume") }],
  "review-audit": plain({
    ...{ audit: text(), status: text(), team: text(), seed: z.number(), sums: object(judged) },
    rows: z.array(object({ harness: text(), model: maybe(), ...judged, usd: z.number(), tokens: z.number() })),
    ...{ missed: z.array(object({})), alarms: z.array(object({})), unreviewed: texts(), spent: spent(), gates: z.array(gate()) },
  }),
  run: [
    when("with --dry-run and no pipeline", {
      ...{ team: text(), solo: z.boolean(), estimate: maybe() },
      agents: z.array(object({ agent: text(), role: text(), harness: text(), model: maybe() })),
      caps: z.record(z.string(), z.number().nullable()).describe("usd, tokens, turns, minutes; null: no cap"),
    }),
    when("with --dry-run and a pipeline", previewed),
    when("else, at its end", ending),
  ],
  send: [{ facts: object({ ...version, sent: z.array(object(letter)) }) }],
  status: [
    when("with several live swarms and none named", {
      swarms: z.array(
        object({
          ...{ swarm: text(), title: text(), status: text(), tasks: counts(), spent: spent(), next: text() },
          gates: z.array(object({ gate: text(), title: text() })),
        }),
      ),
    }),
    when("else", {
      ...{ swarm: text(), title: text(), status: text(), team: text() },
      cursor: z.number().describe("commits of its log: where skep events goes on"),
      plan: object({ status: text(), revision: z.number(), conditions: texts() }),
      preview: preview().nullable(),
      tasks: counts(),
      moving: z.array(object({ task: text(), title: text(), status: text(), attempt: z.number(), agent: maybe(), returned: maybe() })),
      agents: z.array(object({ agent: text(), role: text(), doing: text() })),
      gates: z.array(gate()),
      failing: z.array(object({ what: text(), times: z.number(), error: text() })),
      spent: spent(),
      providers: z.array(object({ provider: text(), kind: text(), why: text() })),
      budgets: texts().describe("those that near their cap, in words"),
      ...{ ...branch, base: text(), unseen: texts(), startedAt: at(), endedAt: at().nullable() },
      reasons: z
        .array(object({ of: text(), id: text(), code: text(), text: text(), waitsFor: text(), next: text() }))
        .describe("why each thing stands where it stands, the swarm first"),
      ...{ deadLetters: z.number(), unread: z.number(), letters: z.array(object({ from: text(), subject: text(), body: text() })) },
      next: text().describe("the command to type"),
    }),
  ],
  stop: [{ facts: answerOf("swarm_stop") }],
  undo: [{ facts: answerOf("task_undo") }],
  uninstall: plain({
    root: text(),
    swarms: z.array(object({ swarm: text(), title: text() })).describe("they were live"),
    ...{ changes: z.array(object({})), left: texts(), kept: texts(), changed: z.boolean() },
  }),
};
