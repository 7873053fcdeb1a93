/** The first `.skep/config.yaml` of a project: what was found here, and what most people change, each with a comment. Pure. */
import { z } from "zod";
import { CONFIG_FILE, configSchema } from "../../config/schema.ts";
import { guessBuilds, guessSetup, guessTests, type TopLevel } from "../../config/setup-guess.ts";
import { changeText, type FileChange } from "../check/file-change.ts";

export const SCHEMA_FILE = ".skep/config.schema.json";

/** For editors: what may stand in the file, with every description. Draft 7, since not every editor reads a newer one. */
export const schemaText = (): string => `${JSON.stringify(z.toJSONSchema(configSchema, { io: "input", target: "draft-7" }), null, 2)}\n`;

/** A change as a person reads it: of the schema, which skep alone writes, the first line is enough. */
export function setupChangeText(change: FileChange): string {
  const text = changeText(change);
  return change.path.endsWith(SCHEMA_FILE) ? `${text.split("\n")[0]}  (what may stand in ${CONFIG_FILE}, for editors)` : text;
}

export interface ConfigFacts {
  readonly top: TopLevel;
  /** The agent CLI swarms are to use; null: the default one. */
  readonly harness: string | null;
}

export function configText({ top, harness }: ConfigFacts): string {
  return `# yaml-language-server: $schema=./config.schema.json
# How swarms work on this project. Every setting has a default, so all of this may go.
# A swarm works by the settings of the commit it starts on: commit this file.

worktree:
  # Prepares every worktree of an agent. ${setupNote(top)}
  # setup: ${setupExample(top)}
  # Ignored files that agents need, copied from your checkout.
  # copy: [".env.test"]
  setup: null

checks:
  # Run on every submission, without a shell. A failure sends the task back.
${commandLines(top)}

harness:
  # Which agent CLI runs the agents: claude, codex, gemini, opencode, acp, command. Roles may differ, under roles.
  default: ${harness ?? "claude"}

# limits:
#   workers: 3

# budgets:
#   swarm: { usd: 20, minutes: 120 }
`;
}

const flow = (argv: readonly string[]): string => JSON.stringify(argv).replaceAll(",", ", ");

function setupNote(top: TopLevel): string {
  const guesses = guessSetup(top);
  if (guesses.length === 0) return "No lock file was found here, so nothing runs.";
  return `Null guesses it from ${guesses.map(({ because }) => because).join(", ")}, and repeats it when that changes.`;
}

function setupExample(top: TopLevel): string {
  const guesses = guessSetup(top);
  return `[${(guesses.length === 0 ? [{ argv: ["make", "deps"] }] : guesses).map(({ argv }) => flow(argv)).join(", ")}]`;
}

function commandLines(top: TopLevel): string {
  const named = (name: string, all: readonly (readonly string[])[]) =>
    all.map((argv, index) => `    - { name: ${index === 0 ? name : `${name}-${index + 1}`}, argv: ${flow(argv)} }`);
  const lines = [...named("tests", guessTests(top)), ...named("build", guessBuilds(top))];
  if (lines.length === 0)
    return '  # None were found here.\n  # commands:\n  #   - { name: tests, argv: ["make", "test"] }\n  commands: null';
  return `  commands:\n${lines.join("\n")}`;
}
