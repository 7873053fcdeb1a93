/** The user's own git hooks on commits of skep's: those that config names, and that make sense without a checkout. */
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { quote, SkepError } from "../base/errors.ts";
import type { Hook } from "../domain/commit-rules.ts";
import { cleanEnv } from "../proc/env.ts";
import { run } from "../proc/run.ts";
import { git, type Repo, splitZ } from "./git.ts";

/** A hook to run: its file, and the longest it may take. */
export interface MessageHook {
  readonly file: string;
  readonly limitMs: number;
}

const LIMIT_MS = 60_000;
const LONGEST_MESSAGE = 64 * 1024;

/** Null: none is wanted, or there is none. Like git, this takes a file that cannot be executed for none. */
export async function messageHookOf(repo: Repo, wanted: readonly Hook[], limitMs = LIMIT_MS): Promise<MessageHook | null> {
  if (!wanted.includes("commit-msg")) return null;
  const file = path.join(await hooksFolder(repo), "commit-msg");
  try {
    accessSync(file, constants.X_OK);
    return { file, limitMs };
  } catch {
    return null; // a project that wants its hooks run may have none in this clone
  }
}

/** `core.hooksPath` as the user's files say, not as skep sets it for every call; relative to the checkout, as git takes it. */
async function hooksFolder({ root, commonDir }: Repo): Promise<string> {
  const args = ["config", "--null", "--show-scope", "--type=path", "--get-all", "core.hooksPath"];
  const fields = splitZ((await git(root, args, { ok: [0, 1] })).out);
  let folder = path.join(commonDir, "hooks");
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] !== "command") folder = path.resolve(root, fields[i + 1] ?? "");
  return folder;
}

/** The message as the hook leaves it. Throws HOOK_REFUSED. @param trailers lines it must keep: by them skep finds its commits again. */
export async function hookedMessage(
  { root }: Repo,
  { file, limitMs }: MessageHook,
  message: string,
  trailers: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "skep-message-"));
  try {
    const text = path.join(folder, "COMMIT_EDITMSG");
    writeFileSync(text, `${message}\n`);
    const env = cleanEnv(process.env, { GIT_EDITOR: ":", GIT_TERMINAL_PROMPT: "0" });
    const { outcome, code, output, problem } = await run([file, text], {
      cwd: root,
      env,
      timeoutMs: limitMs,
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    if (outcome === "timed_out") throw refused(`had not ended after ${Math.ceil(limitMs / 1000)} s and was ended`, output);
    if (outcome !== "exited") throw refused("could not run", problem || outcome);
    if (code !== 0) throw refused(`refused the message with exit code ${code}`, output);
    return accepted(readFileSync(text, "utf8"), trailers);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function accepted(text: string, trailers: readonly string[]): string {
  const message = text.trim();
  if (message.length > LONGEST_MESSAGE || message.includes("\0")) throw refused("left a message that cannot be one", "");
  const lines = new Set(message.split(/\r?\n/).map((line) => line.trimEnd()));
  const lost = trailers.find((line) => !lines.has(line));
  if (lost !== undefined) throw refused(`took out the trailer ${quote(lost)}, by which skep finds its commits again`, "");
  return message;
}

function refused(what: string, output: string): SkepError {
  const said = output.trim() === "" ? "" : `: ${quote(output.trim().slice(-400), 400)}`;
  return new SkepError("HOOK_REFUSED", `the hook commit-msg ${what}${said}`, "mend the hook, or leave it out of merge.hooks");
}
