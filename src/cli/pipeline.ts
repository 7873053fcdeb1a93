/** `skep pipeline`: plans for goals of a known shape, looked at and begun. */
import { quote } from "../base/errors.ts";
import { inline } from "../domain/foreign.ts";
import type { Preview } from "../engine/pipeline/order.ts";
import { givenTo, PIPELINE_OPTIONS, type PipelineOptions } from "./pipelines/given.ts";
import { previewText } from "./pipelines/tree.ts";
import { run as runSwarm } from "./run.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Options extends Common, PipelineOptions {
  readonly team?: string;
  readonly harness?: string;
}

const ACTIONS = ["list", "preview", "start"];

export const run = command<Options>("pipeline", {
  about:
    "List the pipelines of this project, show what one would do before anything starts, or start it: its tasks become the plan of a swarm. Yours stand in .skep/templates/pipelines/ and are read from the commit you are on.",
  args: [
    ["<action>", ACTIONS.join(", ")],
    ["[name]", "the pipeline"],
    ["[goal...]", "what for, in your words"],
  ],
  options: [
    ...PIPELINE_OPTIONS,
    ["--team <team>", "who works on it; the pipeline's own when left out"],
    ["--harness <cli>", "the agent CLI of all roles, e.g. claude"],
    PROJECT,
    JSON_OUT,
  ],
  examples: [
    "skep pipeline list",
    'skep pipeline preview team-bugfix "An empty list makes the export crash"',
    'skep pipeline start team-bugfix "An empty list makes the export crash" --var scope=src/export/ --set fix.fix.risk=high',
  ],
  exits: { failed: "something is wrong with a pipeline or with what was given; what start ends with is what skep run ends with" },
  async act([action = "", name, goal], options) {
    if (!ACTIONS.includes(action)) throw new UsageError(`${quote(action, 40)} is none of ${ACTIONS.join(", ")}`, "skep pipeline list");
    if (action !== "list" && name === undefined) throw new UsageError(`which pipeline to ${action} is missing`, "skep pipeline list");
    if (action === "start") return runSwarm(startArgs(name ?? "", goal, options));
    return withDesk({ project: options.project, acts: false }, (desk) =>
      action === "list"
        ? list(desk, options.json)
        : preview(desk, givenTo(name ?? "", goal, options, { team: options.team, harness: options.harness }), options.json),
    );
  },
});

/** Starting one is what `skep run --pipeline` does. */
function startArgs(
  name: string,
  goal: string | undefined,
  { var: vars = [], set = [], draft, team, harness, project, json }: Options,
): readonly string[] {
  const given = Object.entries({ team, harness, project }).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}=${value}`],
  );
  const values = [...vars.map((value) => `--var=${value}`), ...set.map((value) => `--set=${value}`)];
  return [
    `--pipeline=${name}`,
    ...values,
    ...given,
    ...(draft ? ["--draft"] : []),
    ...(json ? ["--json"] : []),
    ...(goal === undefined ? [] : ["--", goal]),
  ];
}

async function list({ terminal, project }: Desk, json: true | undefined): Promise<number> {
  const { pipelines, problems } = await project.pipelines();
  if (json) terminal.print(jsonText({ pipelines, problems }));
  else {
    for (const { name, title, about, variables, own } of pipelines) {
      terminal.print(`${terminal.paint("bold", name)} ${inline(title, 100)}${own ? " (the project's own)" : ""}\n  ${inline(about, 600)}`);
      for (const variable of variables) terminal.print(`  --var ${inline(variable, 400)}`);
    }
    for (const problem of problems) terminal.note(`problem: ${inline(problem, 400)}`);
  }
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}

async function preview({ terminal, call }: Desk, given: Readonly<Record<string, unknown>>, json: true | undefined): Promise<number> {
  const shown = await call("pipeline_preview", given);
  const { problems } = shown as unknown as Preview;
  terminal.print(json ? jsonText(shown) : previewText(shown as unknown as Preview, terminal));
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}
