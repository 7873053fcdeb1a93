/** What a fresh worktree lacks: ignored files named in the config, and whatever `worktree.setup` installs. */
import { constants, copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../base/ids.ts";
import type { Worktree } from "../git/git.ts";
import { NETWORK_VARIABLES } from "../proc/env.ts";
import { run } from "../proc/run.ts";
import type { World } from "./effects/effect.ts";
import type { SetupStep } from "./settings.ts";
import { stepEnv } from "./step-env.ts";

const OUTPUT_BYTES = 8 * 1024;

/** Null when the worktree is ready, else what failed and its output, for a person to read. */
export async function prepareWorktree(
  worktree: Worktree,
  world: Pick<World, "swarm" | "settings" | "host" | "signal" | "repo">,
): Promise<string | null> {
  copyIgnored(worktree, world);
  for (const [index, step] of world.settings.setup.entries()) {
    const mark = path.join(worktree.gitDir, `skep-setup-${index}`);
    const input = inputOf(worktree, step);
    if (existsSync(mark) && readFileSync(mark, "utf8") === input) continue;
    const failure = await runStep(worktree, step, world);
    if (failure !== null) return failure;
    writeFileSync(mark, input);
  }
  return null;
}

/** The same input needs no second run: the command, and the file it depends on. */
function inputOf(worktree: Worktree, { argv, because }: SetupStep): string {
  const file = because === null ? "" : path.join(worktree.path, because);
  return sha256(JSON.stringify([argv, file !== "" && existsSync(file) ? sha256(readFileSync(file)) : ""]));
}

async function runStep(
  worktree: Worktree,
  { argv }: SetupStep,
  world: Pick<World, "swarm" | "settings" | "host" | "signal">,
): Promise<string | null> {
  const { settings, signal } = world;
  const env = stepEnv(world, NETWORK_VARIABLES);
  const timeoutMs = settings.config.worktree.setupMinutes * 60_000;
  const result = await run(argv, { cwd: worktree.path, env, timeoutMs, signal, maxOutput: OUTPUT_BYTES });
  if (result.outcome === "exited" && result.code === 0) return null;
  if (result.outcome === "aborted") throw new Error("the host is stopping");
  const how = result.outcome === "exited" ? `exit code ${result.code}` : result.outcome.replace("_", " ");
  return `worktree.setup: ${JSON.stringify(argv)} ended with ${how}${result.problem === "" ? "" : `: ${result.problem}`}\n${result.output}`;
}

function copyIgnored(worktree: Worktree, { settings, repo }: Pick<World, "settings" | "repo">): void {
  for (const name of settings.config.worktree.copy) {
    const from = path.join(repo.root, name);
    const to = path.join(worktree.path, name);
    if (!existsSync(from) || lstatSync(to, { throwIfNoEntry: false }) || leadsOut(worktree.path, path.dirname(name))) continue;
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

/** Whether a link stands on the way: files of the tree are the agent's, and theirs to point anywhere. */
function leadsOut(tree: string, folder: string): boolean {
  const steps = folder === "." ? [] : folder.split("/");
  return steps.some((_, index) => lstatSync(path.join(tree, ...steps.slice(0, index + 1)), { throwIfNoEntry: false })?.isSymbolicLink());
}
