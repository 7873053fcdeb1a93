/** `skep review-audit`: how much the reviewers of a team find, measured on merged changes with a known defect planted. */
import { quote, SkepError } from "../base/errors.ts";
import { asId, type SwarmId } from "../base/ids.ts";
import { OVER } from "../domain/model.ts";
import type { LiveSwarm } from "../engine/host/context.ts";
import { type AuditReport, auditReport, auditText } from "./follow/audit.ts";
import { gateText, openGates } from "./follow/gates.ts";
import { answerCommand } from "./follow/standing.ts";
import { follow } from "./follow/to-end.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Options extends Common {
  readonly swarm?: string;
  readonly count?: string;
  readonly seed?: string;
  readonly team?: string;
  readonly harness?: string;
  readonly report?: string;
}

const DEFAULT_COUNT = 5;

export const run = command<Options>("review-audit", {
  about:
    "Measure your reviewers: take merged changes, newest first, and give each to the reviewers of a team twice, as it was and with one known defect in a line it added. They are not told which is which. The report counts what was caught, what was named without being sure, and good changes that would have gone back. It runs as a swarm of reviewers alone, within the budgets of the project; nothing is merged, your branches and your checkout are not touched.",
  options: [
    ["--swarm <id>", "changes of this swarm alone; all swarms of the project when left out"],
    ["--count <n>", `how many changes, at two reviews each; ${DEFAULT_COUNT} when left out`],
    ["--seed <n>", "chooses the defects and their order; the same number plants the same ones; 1 when left out"],
    ["--team <team>", "whose reviewers; the project's default when left out"],
    ["--harness <cli>", "the agent CLI of the reviewers, e.g. claude"],
    ["--report <id>", "the report of an audit that was started before, and nothing else"],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep review-audit", "skep review-audit --count 10 --team dev-team", "skep review-audit --report s-7k2m9q --json"],
  exits: { ok: "every review is in", failed: "some are not", human: "a gate is open: the swarm waits for you" },
  act(_, { project, json = false, swarm, count, seed, team, harness, report }) {
    const wish = {
      swarm: swarm === undefined ? null : swarmId(swarm),
      count: wholeNumber("--count", count, DEFAULT_COUNT, 1, 50),
      seed: wholeNumber("--seed", seed, 1, 0, 999_999),
      team: team ?? null,
      flags: harness === undefined ? {} : { "harness.default": harness },
    };
    // An agent that is being audited must not read it.
    if (report !== undefined) return withDesk({ project, acts: true }, async (desk) => show(desk, await desk.swarm(report), json));
    return withDesk({ project, acts: true }, async (desk) => {
      if (wish.swarm !== null) await desk.swarm(wish.swarm);
      const { handle, repeated } = await desk.project.audit(wish);
      const audit = await desk.project.open(handle.id);
      if (!json) announce(desk, audit, repeated);
      const end = await follow(desk, audit, json);
      if (end === "detached") {
        desk.terminal.note(`\n${audit.id} goes on without you. Its report: skep review-audit --report ${audit.id}`);
        return EXIT.failed;
      }
      return show(desk, audit, json);
    });
  },
});

function wholeNumber(option: string, text: string | undefined, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}`, `skep review-audit ${option} ${otherwise}`);
}

function swarmId(named: string): SwarmId {
  const id = asId<SwarmId>(named);
  if (id) return id;
  throw new SkepError("BAD_ID", `${quote(named, 60)} is no swarm id`, "skep status");
}

function announce({ terminal }: Desk, { id, state }: LiveSwarm, repeated: boolean): void {
  const reviewers = [...state.seats.values()].map(({ seat, harness, model }) => `${seat} (${harness}${model === null ? "" : ` ${model}`})`);
  const begins = repeated ? "is at work on it already" : "begins";
  terminal.print(`${terminal.paint("bold", id)} ${begins}: ${state.tasks.size} reviews by ${reviewers.join(", ")}`);
}

/** A report is a success whatever it says; one that is not whole yet, or waits for a person, says so by its exit code. */
async function show({ terminal }: Desk, swarm: LiveSwarm, json: boolean): Promise<number> {
  const report = await auditReport(swarm);
  const gates = await openGates(swarm);
  if (json) terminal.print(jsonText({ ...report, gates }));
  else {
    terminal.print(auditText(report, terminal));
    for (const gate of gates)
      terminal.print(`${gateText(gate, terminal)}\nNext: ${answerCommand(swarm.id, gate)}, then skep review-audit --report ${swarm.id}`);
  }
  return exitOf(report, gates.length > 0);
}

function exitOf({ status, unreviewed }: AuditReport, waits: boolean): number {
  if (OVER.has(status)) return unreviewed.length === 0 ? EXIT.ok : EXIT.failed;
  return waits ? EXIT.human : EXIT.failed;
}
