/** `skep doctor`: what is here, what is wrong with it, and how to mend it. It changes nothing. */
import { systemClock } from "../base/clock.ts";
import { inline } from "../domain/foreign.ts";
import { readBaseSettings, type Settings } from "../engine/settings.ts";
import { findProject, type Project } from "../git/project.ts";
import type { Harness } from "../harness/harness.ts";
import { HARNESSES } from "../harness/index.ts";
import { TOOLS_BY_DUTY } from "../tools/index.ts";
import type { Around, Look, Mark } from "./doctor/check.ts";
import { LOOKS } from "./doctor/index.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";
import { version } from "./shell/version.ts";

export const run = command<Common>("doctor", {
  about:
    "Look at everything skep needs: node, git, the repository, its state, config, rules, host, every agent CLI with its version and sign-in, limits and prices. Changes nothing; the exit code is 1 when something has to be mended.",
  options: [PROJECT, JSON_OUT],
  examples: ["skep doctor", "skep doctor --json"],
  async act(_args, { project, json }) {
    const around = await lookAround(project);
    const looks: Look[] = [];
    for (const look of LOOKS) looks.push(...(await look(around)));
    const failed = looks.some(({ mark }) => mark === "fail");
    const terminal = openTerminal();
    if (json) terminal.print(jsonText({ ok: !failed, looks }));
    else for (const look of looks) terminal.print(lineOf(look, looks));
    return failed ? EXIT.failed : EXIT.ok;

    function lineOf({ what, mark, found, fix }: Look, all: readonly Look[]): string {
      const width = Math.max(...all.map((one) => one.what.length));
      const line = `${terminal.paint(COLOUR[mark], SIGN[mark])} ${what.padEnd(width)}  ${inline(found, 500)}`;
      return fix === undefined ? line : `${line}. Next: ${inline(fix, 300)}`;
    }
  },
});

const SIGN: Readonly<Record<Mark, string>> = { ok: "✓", warn: "!", fail: "✗" };
const COLOUR = { ok: "green", warn: "yellow", fail: "red" } as const;

async function lookAround(explicit: string | undefined): Promise<Around> {
  const { env } = process;
  const cwd = process.cwd();
  const project = await findProject({ explicit, env, cwd }).catch(asError);
  const harnesses = new Map<string, Harness>(Object.entries(HARNESSES));
  const settings = project instanceof Error ? null : await settingsAt(project);
  return { env, cwd, node: process.versions.node, clock: systemClock, version: version(), harnesses, project, settings };
}

const settingsAt = ({ root, head }: Project): Promise<Settings | Error> =>
  readBaseSettings({ root, base: head, team: null, env: process.env, flags: {}, tools: TOOLS_BY_DUTY }).catch(asError);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
