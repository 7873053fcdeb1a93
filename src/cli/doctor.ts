/** `skep doctor`: what is here, what is wrong with it, and how to mend it. Only with --fix it changes anything. */
import { existsSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../base/clock.ts";
import { describeError, SkepError } from "../base/errors.ts";
import { inline } from "../domain/foreign.ts";
import type { Project as OpenProject } from "../engine/api.ts";
import { type Inspection, inspect } from "../engine/damage/index.ts";
import { canMend, mendOrphan, orphans } from "../engine/damage/orphans.ts";
import { readBaseSettings, type Settings } from "../engine/settings.ts";
import { findProject, type Project } from "../git/project.ts";
import type { Harness } from "../harness/harness.ts";
import { HARNESSES } from "../harness/index.ts";
import { requireOperator } from "../mcp/operator.ts";
import { TOOLS_BY_DUTY } from "../tools/index.ts";
import { type Around, fail, type Look, type Mark, ok } from "./doctor/check.ts";
import { LOOKS } from "./doctor/index.ts";
import { worktreeFolder } from "./doctor/worktrees.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";
import { version } from "./shell/version.ts";

type Options = Common & { fix?: true };

export const run = command<Options>("doctor", {
  about:
    "Look at everything skep needs: node, git, the repository, its state, worktrees and swarms, config, rules, host, watchers, the entries of MCP clients, every agent CLI with its version and sign-in, limits and prices. With --fix it first mends what it can of its own: swarms whose host is gone, half-made worktrees, deleted branches, broken indexes. Your checkout and your branches are not touched.",
  options: [["--fix", "mend what can be mended, and say what was done"], PROJECT, JSON_OUT],
  examples: ["skep doctor", "skep doctor --fix", "skep doctor --json"],
  exits: { ok: "nothing has to be mended", failed: "something has to be" },
  async act(_args, { project, json, fix = false }) {
    const mended = fix ? await mendAll(project) : [];
    const around = await lookAround(project);
    // Side by side: some start programs and wait for them.
    const looks = (await Promise.all(LOOKS.map((look) => look(around).catch(failedLook)))).flat();
    const failed = [...mended, ...looks].some(({ mark }) => mark === "fail");
    const terminal = openTerminal();
    if (json) terminal.print(jsonText({ ok: !failed, ...(fix ? { mended } : {}), looks }));
    else for (const look of [...mended, ...looks]) terminal.print(lineOf(look, looks));
    if (!json && looks.some(({ code }) => code)) terminal.note("What is in brackets has a line in docs/troubleshooting.md.");
    return failed ? EXIT.failed : EXIT.ok;

    function lineOf({ what, mark, code, found, fix: next }: Look, all: readonly Look[]): string {
      const width = Math.max(...all.map((one) => one.what.length));
      const line = `${terminal.paint(COLOUR[mark], SIGN[mark])} ${what.padEnd(width)}  ${inline(found, 500)}`;
      return next === undefined ? line : `${line}. Next: ${inline(next, 300)}${code ? ` [${code}]` : ""}`;
    }
  },
});

/** A line for each thing that was mended, or could not be. */
async function mendAll(explicit: string | undefined): Promise<readonly Look[]> {
  await requireOperator(null);
  const found = await projectAt(explicit);
  // The looks say what is wrong with the place, and nothing of skep's can be broken there.
  if (found instanceof Error) return [ok("mended", NOTHING)];
  const looks: Look[] = [];
  if (hasSwarms(found)) looks.push(...(await withDesk({ project: explicit, acts: true }, ({ project }) => mendSwarms(project))));
  const folder = worktreeFolder(found.commonDir, await settingsAt(found));
  for (const orphan of orphans(found, folder).filter(canMend)) looks.push(await tryMend("worktrees", () => mendOrphan(found, orphan)));
  return looks.length === 0 ? [ok("mended", NOTHING)] : looks;
}

async function mendSwarms(project: OpenProject): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (const { kind, mend } of (await inspect(project)).damage) if (mend !== null) looks.push(await tryMend(kind, mend));
  return looks;
}

async function tryMend(kind: string, mend: () => Promise<string>): Promise<Look> {
  try {
    return ok("mended", await mend());
  } catch (error) {
    return fail("mended", "mend-failed", `${kind}: ${describeError(error)}`, nextOf(error));
  }
}

/** One that cannot be done, since git or the disk refuses, must not hide what the others found. */
const failedLook = (error: unknown): readonly Look[] => [fail("doctor", "look-failed", describeError(error), nextOf(error))];

const nextOf = (error: unknown): string => (error instanceof SkepError ? error.next : "skep doctor");

const NOTHING = "nothing was broken";
const SIGN: Readonly<Record<Mark, string>> = { ok: "✓", warn: "!", fail: "✗" };
const COLOUR = { ok: "green", warn: "yellow", fail: "red" } as const;

const projectAt = (explicit: string | undefined): Promise<Project | Error> =>
  findProject({ explicit, env: process.env, cwd: process.cwd() }).catch(asError);

const hasSwarms = ({ commonDir }: Project): boolean => existsSync(path.join(commonDir, "skep", "swarms"));

async function lookAround(explicit: string | undefined): Promise<Around> {
  const { env } = process;
  const cwd = process.cwd();
  const project = await projectAt(explicit);
  const harnesses = new Map<string, Harness>(Object.entries(HARNESSES));
  const settings = project instanceof Error ? null : await settingsAt(project);
  const inspection = project instanceof Error ? null : await inspectionOf(project, explicit);
  return { env, cwd, node: process.versions.node, clock: systemClock, version: version(), harnesses, project, settings, inspection };
}

/** Opening the state would make its folder; where there is none, nothing can be wrong with it. */
async function inspectionOf(project: Project, explicit: string | undefined): Promise<Inspection | null> {
  if (!hasSwarms(project)) return null;
  return withDesk({ project: explicit, acts: false }, (desk) => inspect(desk.project)).catch(
    () => null /* the look at the state says why */,
  );
}

const settingsAt = ({ root, head }: Project): Promise<Settings | Error> =>
  readBaseSettings({ root, base: head, team: null, env: process.env, flags: {}, tools: TOOLS_BY_DUTY }).catch(asError);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
