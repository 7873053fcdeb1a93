/** One command's arguments, options and help, read by commander; its mistakes become usage errors of ours. */
import { Argument, Command, CommanderError, Help, Option } from "commander";
import { COMMANDS } from "../index.ts";
import { EXIT, UsageError } from "./exit.ts";

export interface CommandSpec<Options> {
  /** `<gate>` is needed, `[swarm]` may be left out, `<words...>` takes the rest. */
  readonly args?: readonly (readonly [name: string, about: string])[];
  /** `many`: it may be given again and again, and makes a list. */
  readonly options?: readonly (readonly [flags: string, about: string, many?: "many"])[];
  readonly examples: readonly string[];
  /** What its exit codes mean where that is more than the general meaning. */
  readonly exits?: Exits;
  readonly about?: string;
  act(args: readonly string[], options: Options): Promise<number>;
}

export type Exits = Readonly<Partial<Record<keyof typeof EXIT, string>>>;

/** What most commands take. */
export interface Common {
  readonly project?: string;
  readonly json?: true;
}
export const PROJECT = ["--project <folder>", "the repository; otherwise SKEP_PROJECT, or the folder you are in"] as const;
export const JSON_OUT = ["--json", "print the facts as one JSON object"] as const;

export interface Run extends Pick<CommandSpec<never>, "args" | "examples" | "about"> {
  (argv: readonly string[]): Promise<number>;
  /** What it takes, for shells that complete it and the docs. */
  readonly options: readonly (readonly [flags: string, about: string, many?: "many"])[];
  readonly exits: Exits;
}

/** The `run` of a command's module. */
export function command<Options extends Common>(name: string, spec: CommandSpec<Options>): Run {
  const run = async (argv: readonly string[]): Promise<number> => {
    const program = build(name, spec);
    let acting: Promise<number> = Promise.resolve(EXIT.ok);
    program.action(() => {
      const { processedArgs: args } = program;
      acting = spec.act(
        args.flatMap((arg: unknown) => (arg === undefined ? [] : Array.isArray(arg) ? arg.join(" ") || [] : [String(arg)])),
        program.opts() as Options,
      );
    });
    try {
      program.parse([...argv], { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0) return EXIT.ok;
      throw new UsageError(plain(error.message), `skep ${name} --help`);
    }
    return acting;
  };
  const { args, options = [], examples, about, exits = {} } = spec;
  return Object.assign(run, { examples, options, exits, ...(args && { args }), ...(about && { about }) });
}

function build<Options>(name: string, { args = [], options = [], examples, about, exits = {} }: CommandSpec<Options>): Command {
  const summary = COMMANDS.find((entry) => entry.name === name)?.summary ?? "";
  const program = new Command(`skep ${name}`).description(about ?? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
  for (const [syntax, text] of args) program.addArgument(new Argument(syntax, text));
  for (const [flags, text, many] of options) {
    const option = new Option(flags, text);
    if (many) option.argParser<string[]>((value, before = []) => [...before, value]);
    program.addOption(option);
  }
  program
    .configureHelp({
      formatHelp: (shown, helper) => {
        const [head = "", ...rest] = Help.prototype.formatHelp.call(helper, shown, helper).split(/\n(?=(?:Arguments|Options):\n)/);
        return [head, listedUnder("Examples", examples), ...rest, ...exitLines(exits)].join("\n");
      },
    })
    .allowExcessArguments(false)
    .exitOverride()
    // Said again by the error that is thrown, in the form all errors have.
    .configureOutput({ writeErr: () => undefined });
  return program;
}

const listedUnder = (title: string, lines: readonly string[]): string => `${title}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;

const exitLines = (exits: Exits): readonly string[] => {
  const said = Object.entries(exits).map(([name, text]) => `${EXIT[name as keyof typeof EXIT]}  ${text}`);
  return said.length === 0 ? [] : [listedUnder("Exit codes", said)];
};

const plain = (message: string): string => message.replace(/^error: /, "").replace(/\s*\(Did you mean (.+)\?\)$/s, "; perhaps $1");
