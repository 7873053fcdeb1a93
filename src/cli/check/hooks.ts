/**
 * What installed hooks call. In a session of skep's they end at once: the same checks run when its work is submitted. Whatever
 * goes wrong in one stops the commit or push it looks at.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { SkepError } from "../../base/errors.ts";
import type { CheckResult } from "../../checks/check.ts";
import { runOwnChecks } from "../../engine/own-checks.ts";
import { SESSION_MARK } from "../../engine/session-mark.ts";
import { git } from "../../git/git.ts";
import { type Checkout, findCheckout, type OwnChange, pushedChange, stagedChange, worktreeChange } from "../../git/own-change.ts";
import { commitOf } from "../../git/refs.ts";
import { EXIT, failed } from "../shell/exit.ts";
import { findingLines, isBlocked } from "./findings.ts";
import { gitCalls } from "./git-calls.ts";

export const HOOKS = ["pre-commit", "pre-push", "claude", "codex"] as const;
type Hook = (typeof HOOKS)[number];

const STOPPED: Readonly<Record<Hook, string>> = {
  "pre-commit": "commit",
  "pre-push": "push",
  claude: "commit or push",
  codex: "commit or push",
};

/** Claude Code and Codex stop a tool call on this code alone, and show its model what stands on stderr. */
const STOPS_A_TOOL = 2;

export async function runHook(hook: Hook, remote: string | null): Promise<number> {
  const stop = hook === "claude" || hook === "codex" ? STOPS_A_TOOL : EXIT.failed;
  if ((process.env[SESSION_MARK] ?? "") !== "") return EXIT.ok;
  try {
    const results = await look(hook, remote);
    const lines = findingLines(results);
    if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
    if (!isBlocked(results)) return EXIT.ok;
    process.stderr.write(`skep check stopped this ${STOPPED[hook]}.\n`);
    return stop;
  } catch (error) {
    failed(error);
    return stop;
  }
}

async function look(hook: Hook, remote: string | null): Promise<readonly CheckResult[]> {
  if (hook === "claude" || hook === "codex") return lookAtTool(readCall(await text(process.stdin)));
  const place = await findCheckout(process.cwd());
  if (isSeat(place)) return [];
  if (hook === "pre-commit") return checkAll(place, [await stagedChange(place, process.env.GIT_INDEX_FILE ?? null)]);
  return checkAll(place, await pushed(place, await text(process.stdin), remote));
}

/** A worktree of an agent: they share the folder of hooks with the user's checkout. */
const isSeat = ({ gitDir }: Checkout): boolean => existsSync(path.join(gitDir, "skep.json"));

async function checkAll(place: Checkout, changes: readonly (OwnChange | null)[]): Promise<readonly CheckResult[]> {
  const order = { files: null, programs: false, env: process.env, signal: new AbortController().signal };
  const results: CheckResult[] = [];
  for (const change of changes) if (change !== null) results.push(...(await runOwnChecks(place, { change, ...order })));
  return results;
}

const NOTHING = /^0+$/;

/** git says on stdin what goes where: `<local ref> <commit> <remote ref> <commit>`, zeros for none. */
async function pushed(place: Checkout, input: string, name: string | null): Promise<readonly (OwnChange | null)[]> {
  const known = (await git(place.root, ["remote"])).out.split("\n");
  const remote = name !== null && known.includes(name) ? name : null;
  const changes: (OwnChange | null)[] = [];
  for (const line of input.split("\n")) {
    const [, local = "", , there = ""] = line.split(" ");
    const sha = local === "" || NOTHING.test(local) ? null : await commitOf(place.root, local);
    if (sha !== null) changes.push(await pushedChange(place, sha, NOTHING.test(there) ? null : there, remote));
  }
  return changes;
}

function readCall(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    throw new SkepError(
      "HOOK_INPUT",
      "the agent CLI gave its hook no JSON to read",
      "skep check --remove claude (or codex), and report it",
    );
  }
}

/** The tool call an agent CLI is about to make. Only those of git that commit or push are looked at. */
async function lookAtTool(call: unknown): Promise<readonly CheckResult[]> {
  const { tool_input: input, cwd } = (call ?? {}) as { tool_input?: { command?: unknown }; cwd?: unknown };
  const calls = typeof input?.command === "string" ? gitCalls(input.command) : null;
  if (calls === null || (calls.commit === null && !calls.push)) return [];
  const folder = typeof cwd === "string" ? cwd : process.cwd();
  const inside = await git(folder, ["rev-parse", "--is-inside-work-tree"], { ok: [0, 128] });
  // Where there is no repository git refuses by itself.
  if (inside.code !== 0) return [];
  const place = await findCheckout(folder);
  if (isSeat(place)) return [];
  const changes: (OwnChange | null)[] = [];
  if (calls.commit !== null) changes.push(await (calls.commit === "staged" ? stagedChange(place) : worktreeChange(place)));
  const head = calls.push ? await commitOf(place.root, "HEAD") : null;
  if (head !== null) changes.push(await pushedChange(place, head, await commitOf(place.root, "@{upstream}"), null));
  return checkAll(place, changes);
}
