/** What each exit code means, of any command and of those where it means more. */
import { COMMANDS } from "../../src/cli/index.ts";
import type { Run } from "../../src/cli/shell/command.ts";
import { EXIT, EXIT_MEANS } from "../../src/cli/shell/exit.ts";
import { code, table } from "./table.ts";

type Name = keyof typeof EXIT;
const NAMES = Object.keys(EXIT) as Name[];

const LOADED = await Promise.all(
  COMMANDS.filter(({ hidden }) => !hidden).map(async ({ name, load }) => ({ name, run: (await load()).run })),
);

export const exitsTable = (): string =>
  table(
    ["code", "means"],
    NAMES.map((name) => [code(String(EXIT[name])), EXIT_MEANS[name]]),
  );

export const commandExitsTable = (): string =>
  table(
    ["command", "code", "means"],
    LOADED.flatMap(({ name, run }) => {
      const { exits = {} } = run as Partial<Run>;
      return NAMES.flatMap((one) => (exits[one] === undefined ? [] : [[code(`skep ${name}`), code(String(EXIT[one])), exits[one]]]));
    }),
  );
