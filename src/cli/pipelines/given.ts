/** What a person gives to a pipeline on the command line: `--var name=value` and `--set phase.task.field=value`. */
import { quote } from "../../base/errors.ts";
import { UsageError } from "../shell/exit.ts";

export const PIPELINE_OPTIONS = [
  ["--var <name=value>", "a variable of the pipeline; lists as a,b or JSON", "many"],
  ["--set <path=value>", "change a field for this run: phase.task.field=value", "many"],
  ["--draft", "not the plan itself: the queen plans from it, and her plan is reviewed"],
] as const;

export interface PipelineOptions {
  readonly var?: readonly string[];
  readonly set?: readonly string[];
  readonly draft?: true;
}

/** The arguments of pipeline_preview and pipeline_start. */
export function givenTo(
  name: string,
  goal: string | undefined,
  options: PipelineOptions,
  more: Readonly<Record<string, string | undefined>>,
) {
  const rest = Object.entries(more).filter(([, value]) => value !== undefined);
  return {
    name,
    ...(goal === undefined ? {} : { goal }),
    vars: pairs("--var", options.var),
    set: pairs("--set", options.set),
    ...Object.fromEntries(rest),
  };
}

function pairs(option: string, list: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list.map((text) => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
      throw new UsageError(`${option} takes name=value, not ${quote(text, 60)}`, "skep pipeline --help");
    }),
  );
}
