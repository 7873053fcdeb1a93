/** `skep doctor`: what is here, what is wrong with it, and how to mend it. Only with --fix it changes anything. */
import { existsSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../base/clock.ts";
import { describeError, SkepError } from "../base/errors.ts";
import { inline } from "../domain/foreign.ts";
import { type Inspection, inspect } from "../engine/damage/index.ts";
import { readBaseSettings, type Settings } from "../engine/settings.ts";
import { findProject, type Project } from "../git/project.ts";
import type { Harness } from "../harness/harness.ts";
import { HARNESSES } from "../harness/index.ts";
import { TOOLS_BY_DUTY } from "../tools/index.ts";
import { type Around, fail, type Look, type Mark, ok } from "./doctor/check.ts";
import { LOOKS } from "./doctor/index.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";
import { version } from "./shell/version.ts";

type Options = Common & { fix?: true };

export const run = command<Options>("doctor", {
  about:
    "Look at everything skep needs: node, git, the repository, its state and swarms, config, rules, host, every agent CLI with its version and sign-in, limits and prices. The exit code is 1 when something has to be mended. With --fix it first mends what it can of its own: swarms whose host is gone, half-made worktrees, deleted branches, broken indexes. Your checkout and your branches are not touched.",
  options: [["--fix", "mend what can be mended, and say what was done"], PROJECT, JSON_OUT],
  examples: ["skep doctor", "skep doctor --fix", "skep doctor --json"],
  async act(_args, { project, json, fix = false }) {
    const mended = fix ? await mendAll(project) : [];
    const around = await lookAround(project);
    const looks: Look[] = [];
    for (const look of LOOKS) looks.push(...(await look(around)));
    const failed = [...mended, ...looks].some(({ mark }) => mark === "fail");
    const terminal = openTerminal();
    if (json) terminal.print(jsonText({ ok: !failed, ...(fix ? { mended } : {}), looks }));
    else for (const look of [...mended, ...looks]) terminal.print(lineOf(look, looks));
    return failed ? EXIT.failed : EXIT.ok;

    function lineOf({ what, mark, found, fix: next }: Look, all: readonly Look[]): string {
      const width = Math.max(...all.map((one) => one.what.length));
      const line = `${terminal.paint(COLOUR[mark], SIGN[mark])} ${what.padEnd(width)}  ${inline(found, 500)}`;
      return next === undefined ? line : `${line}. Next: ${inline(next, 300)}`;
    }
  },
});

/** A line for each thing that was mended, or could not be. */
function mendAll(explicit: string | undefined): Promise<readonly Look[]> {
  return withDesk({ project: explicit, acts: true }, async ({ project }) => {
    const looks: Look[] = [];
    for (const { kind, mend } of (await inspect(project)).damage) {
      if (mend === null) continue;
      try {
        looks.push(ok("mended", await mend()));
      } catch (error) {
        looks.push(fail("mended", `${kind}: ${describeError(error)}`, error instanceof SkepError ? error.next : "skep doctor"));
      }
    }
    return looks.length === 0 ? [ok("mended", "nothing was broken")] : looks;
  });
}

const SIGN: Readonly<Record<Mark, string>> = { ok: "✓", warn: "!", fail: "✗" };
const COLOUR = { ok: "green", warn: "yellow", fail: "red" } as const;

async function lookAround(explicit: string | undefined): Promise<Around> {
  const { env } = process;
  const cwd = process.cwd();
  const project = await findProject({ explicit, env, cwd }).catch(asError);
  const harnesses = new Map<string, Harness>(Object.entries(HARNESSES));
  const settings = project instanceof Error ? null : await settingsAt(project);
  const inspection = project instanceof Error ? null : await inspectionOf(project, explicit);
  return { env, cwd, node: process.versions.node, clock: systemClock, version: version(), harnesses, project, settings, inspection };
}

/** Opening the state would make its folder; where there is none, nothing can be wrong with it. */
async function inspectionOf({ commonDir }: Project, explicit: string | undefined): Promise<Inspection | null> {
  if (!existsSync(path.join(commonDir, "skep", "swarms"))) return null;
  return withDesk({ project: explicit, acts: false }, (desk) => inspect(desk.project)).catch(
    () => null /* the look at the state says why */,
  );
}

const settingsAt = ({ root, head }: Project): Promise<Settings | Error> =>
  readBaseSettings({ root, base: head, team: null, env: process.env, flags: {}, tools: TOOLS_BY_DUTY }).catch(asError);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
