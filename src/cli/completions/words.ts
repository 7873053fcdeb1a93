/** What there is to complete: every shown command with its summary and its options. */
import type { Entry } from "../index.ts";
import type { Run } from "../shell/command.ts";

export interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
}
export interface CompletedOption {
  /** `-f` and `--follow`. */
  readonly flags: readonly string[];
  readonly about: string;
}

const HELP: CompletedOption = { flags: ["-h", "--help"], about: "show what it takes, with examples" };

/** Loads every command: what one takes stands in its own file. */
export async function completed(commands: readonly Entry[]): Promise<readonly Completed[]> {
  const shown = commands.filter(({ hidden }) => !hidden);
  return Promise.all(
    shown.map(async ({ name, summary, load }) => {
      const { run } = (await load()) as { run: Partial<Run> };
      const options = (run.options ?? []).map(([flags, about]) => ({ flags: flags.match(/(?<![\w-])--?[\w-]+/g) ?? [], about }));
      return { name, summary, options: [...options, HELP] };
    }),
  );
}

/** As one word of a shell that reads single quotes as they are. */
export const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
