/** `skep` without a command: help, version, or what an unknown word probably meant. */
import { Command } from "commander";
import { quote } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { COMMANDS } from "../index.ts";
import { EXIT, UsageError } from "./exit.ts";
import { version } from "./version.ts";

const EXAMPLES = `Examples:
  skep demo                          see the whole path, no key and no server needed
  skep init                          set it up here and in your MCP clients
  skep run "Add a --json flag"       a swarm works on this repository
  skep status                        where it stands; 3 is its exit code when it waits for you
  skep answer g1 yes                 answer its question
  skep land                          bring the merged work to your branch
`;

const EXITS = `
Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 needs a human (a gate is open).
`;

export function overview(argv: readonly string[]): number {
  const [word] = argv;
  if (word === "--version" || word === "-V") {
    process.stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    process.stdout.write(helpText());
    return EXIT.ok;
  }
  if (word.startsWith("-")) throw new UsageError(`there is no option ${quote(word, 60)} before a command`, "skep --help");
  const shown = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name);
  const meant = Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word] : nearest(word, shown);
  throw new UsageError(`there is no command ${quote(word, 60)}`, meant ? `skep ${meant} --help` : "skep --help");
}

/** What other programs call it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ...{ list: "status", ls: "status", ps: "status", show: "status", start: "run", new: "run", create: "run" },
  ...{ kill: "stop", cancel: "stop", tail: "logs", log: "logs", merge: "land", apply: "land", setup: "init", mail: "send" },
};

function helpText(): string {
  const program = new Command("skep")
    .description(
      "Swarms of coding agents on your repository: a queen plans, a reviewer gates, workers build, one merge path lands the work.",
    )
    .option("-V, --version", "print the version")
    .helpCommand(false);
  for (const { name, summary, hidden } of COMMANDS) program.command(name, { hidden: hidden ?? false }).description(summary);
  return program.helpInformation().replace("Options:\n", () => `${EXAMPLES}\nOptions:\n`) + EXITS;
}
