import { type Completed, single } from "./words.ts";

/** fish reads a backslash inside single quotes; no word of ours holds one but before a quote. */
const quoted = (text: string): string => single(text).replaceAll("'\\''", "\\'");

export function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c skep -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...options.map(({ flags, about }) => {
      const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return `complete -c skep -n '__fish_seen_subcommand_from ${name}' ${names.join(" ")} -d ${quoted(about)}`;
    }),
  ]);
  return `# completion of skep for fish\n${lines.join("\n")}\n`;
}
