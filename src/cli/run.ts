/** `skep run "<goal>"`: a swarm from its goal to its end, with its questions asked here. */
import { systemClock } from "../base/clock.ts";
import { quote } from "../base/errors.ts";
import { inline, listed } from "../domain/foreign.ts";
import { OVER } from "../domain/model.ts";
import type { LiveSwarm } from "../engine/host/context.ts";
import type { Preview } from "../engine/pipeline/order.ts";
import { endingOf, endingText, landable } from "./follow/ending.ts";
import { gateText, openGates } from "./follow/gates.ts";
import { startFacts, startRows } from "./follow/outlook.ts";
import { answerCommand } from "./follow/standing.ts";
import { follow } from "./follow/to-end.ts";
import { givenTo, PIPELINE_OPTIONS, type PipelineOptions } from "./pipelines/given.ts";
import { previewText } from "./pipelines/tree.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText, type Terminal } from "./shell/terminal.ts";

interface Options extends Common, PipelineOptions {
  readonly team?: string;
  readonly harness?: string;
  readonly solo?: true;
  readonly land?: true;
  readonly continueFrom?: string;
  readonly pipeline?: string;
  readonly automation?: string;
  readonly dryRun?: true;
}

export const run = command<Options>("run", {
  about:
    "Start a swarm on a goal and follow it to its end. Your checkout stays untouched until you land the work. The same goal again follows the swarm that works on it.",
  args: [["[goal...]", "what shall be true at the end, and what to leave alone; a pipeline may have one of its own"]],
  options: [
    ["--team <team>", "who works on it; the project's default when left out"],
    ["--solo", "one developer and a reviewer, no queen: the goal is one task"],
    ["--harness <cli>", "the agent CLI of all roles, e.g. claude"],
    ["--continue-from <swarm>", "an ended swarm whose work goes on: the new one reads what was done and what was not"],
    ["--pipeline <name>", "the plan is this pipeline's; it is shown before it starts"],
    ...PIPELINE_OPTIONS,
    ["--automation <tier>", "1, 2 or 3: you approve the plan and the landing (2), each task too (3); the config's when left out"],
    ["--dry-run", "show who would work on it, its plan when it is a pipeline's, and what it may cost; start nothing"],
    ["--land", "bring the work to your branch when the swarm has completed"],
    PROJECT,
    JSON_OUT,
  ],
  examples: [
    'skep run "Add a --json flag to the export command, with tests"',
    'skep run --solo --land "Fix the typo in the help text"',
    'skep run --dry-run "Add a --json flag to the export command, with tests"',
  ],
  exits: {
    ok: "the swarm has completed",
    failed: "it failed, was stopped, or you left it at work with Ctrl-C",
    human: "a gate is open: the swarm waits for you, and nobody could be asked here",
  },
  act([goal], options) {
    const { project, json = false, land = false, dryRun } = options;
    refuseMixed(goal, options);
    if (dryRun) return withDesk({ project, acts: false }, (desk) => foresee(desk, goal, options));
    return withDesk({ project, acts: true }, async (desk) => {
      const created = await create(desk, goal, options);
      const swarm = await desk.swarm(String(created.swarm));
      if (!json) await announce(desk, swarm, created);
      const end = await follow(desk, swarm, json);
      if (end === "detached") return detached(desk, swarm, json);
      const completed = await swarm.look((state) => state.status === "completed");
      const landed = land && completed ? await desk.call("swarm_land", { swarm: swarm.id }) : {};
      await conclude(desk, swarm, json);
      if (!json && typeof landed.back === "string") desk.terminal.note(`To go back: ${landed.back}`);
      if (end === "gate") return EXIT.human;
      return completed ? EXIT.ok : EXIT.failed;
    });
  },
});

function refuseMixed(goal: string | undefined, { team, solo, pipeline, continueFrom, automation, var: vars, set, draft }: Options): void {
  if (automation !== undefined && !["1", "2", "3"].includes(automation))
    throw new UsageError(`there is no tier ${quote(automation, 20)}`, "skep run --automation 1|2|3");
  if (automation !== undefined && pipeline !== undefined)
    throw new UsageError("a pipeline has the tier of the config", "skep run --pipeline with SKEP_AUTOMATION set, or without --automation");
  if (team !== undefined && solo) throw new UsageError("--solo is a team of its own", "skep run with --team or --solo");
  if (pipeline === undefined && goal === undefined)
    throw new UsageError("the goal is missing", 'skep run "<goal>"; skep run --help has examples');
  if (pipeline === undefined && (vars || set || draft))
    throw new UsageError("--var, --set and --draft belong to a pipeline", "skep run --pipeline <name>");
  if (pipeline !== undefined && continueFrom !== undefined)
    throw new UsageError(
      "a pipeline is a plan of its own and goes on from no swarm",
      "skep run with one of --pipeline and --continue-from",
    );
}

/** What is known before anything is made: the plan of a pipeline whole, else who would be at it and what it may cost. */
async function foresee({ call, project, terminal }: Desk, goal: string | undefined, options: Options): Promise<number> {
  const { team, solo, harness, pipeline, automation, json } = options;
  const named = solo ? "solo" : team;
  if (pipeline !== undefined) {
    const shown = (await call("pipeline_preview", givenTo(pipeline, goal, options, { team: named, harness }))) as unknown as Preview;
    terminal.print(json ? jsonText({ ...shown }) : previewText(shown, terminal));
    return shown.problems.length > 0 ? EXIT.failed : EXIT.ok;
  }
  const flags = {
    ...(harness === undefined ? {} : { "harness.default": harness }),
    ...(automation === undefined ? {} : { automation: Number(automation) }),
  };
  const outlook = await project.outlook({ team: named ?? null, flags });
  terminal.print(json ? jsonText(startFacts(outlook)) : rowsText(startRows(outlook), terminal));
  return EXIT.ok;
}

async function create(desk: Desk, goal: string | undefined, options: Options): Promise<Record<string, unknown>> {
  const { team, solo, harness, continueFrom, pipeline, automation, json } = options;
  const named = solo ? "solo" : team;
  const some = (given: object) => Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  if (pipeline === undefined)
    return desk.call("swarm_create", { goal, ...some({ team: named, harness, continueFrom, automation: Number(automation ?? 0) }) });
  const given = givenTo(pipeline, goal, options, { team: named, harness });
  const { terminal } = desk;
  if (!json) terminal.print(previewText((await desk.call("pipeline_preview", given)) as unknown as Preview, terminal));
  return desk.call("pipeline_start", options.draft ? { ...given, draft: true } : given);
}

async function announce({ terminal }: Desk, swarm: LiveSwarm, created: Record<string, unknown>): Promise<void> {
  const { repeated, branch, unseen, missing, room } = created;
  terminal.print(`${terminal.paint("bold", swarm.id)} ${repeated ? "works on this goal already" : `begins on ${branch}`}`);
  if (!repeated) terminal.print(rowsText(await swarm.look(startRows), terminal));
  if (typeof missing === "string") terminal.note(`not in its base commit: ${inline(missing, 300)}`);
  if (typeof room === "string") terminal.note(room);
  if (Array.isArray(unseen) && unseen.length > 0)
    terminal.note(
      `not committed, so no agent will see it: ${listed(
        unseen.map((name) => inline(String(name), 80)),
        5,
      )}`,
    );
}

/** Ctrl-C is no end of the swarm: the host works on, also when this terminal is closed. */
async function detached(desk: Desk, swarm: LiveSwarm, json: boolean): Promise<number> {
  desk.terminal.note(`\nYou left; ${swarm.id} goes on without you. Follow it: skep watch ${swarm.id}. End it: skep stop ${swarm.id}`);
  if (json) await conclude(desk, swarm, json);
  return EXIT.failed;
}

const rowsText = (rows: ReturnType<typeof startRows>, { paint }: Pick<Terminal, "paint">): string =>
  rows.map(([label, text]) => `  ${paint("dim", label.padEnd(6))}${text}`).join("\n");

async function conclude({ terminal }: Desk, swarm: LiveSwarm, json: boolean): Promise<void> {
  const ending = await swarm.look((state) => endingOf(state, systemClock.now()));
  const gates = await openGates(swarm);
  if (json) return terminal.print(jsonText({ ...ending, gates }));
  if (OVER.has(ending.status)) terminal.print(`\n${endingText(ending, terminal)}`);
  for (const gate of gates)
    terminal.print(`${gateText(gate, terminal)}\nNext: ${answerCommand(swarm.id, gate)}, then skep watch ${swarm.id}`);
  const next = landable(ending);
  if (next !== null) terminal.print(`Next: ${next}`);
}
