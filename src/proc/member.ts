/**
 * A child inside this process' own group: whoever ends the group ends it too. For programs whose starter is itself a member
 * of a session and may be killed at any time.
 */
import { execa } from "execa";
import { describeError } from "../base/errors.ts";
import { splitLines, Tail } from "./output.ts";
import { killMembers, ownMembers } from "./tree.ts";

export interface MemberOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whole stdin; null closes it at once. */
  readonly input: string | null;
  readonly maxLine: number;
}
export interface Member {
  readonly started: true;
  readonly lines: AsyncIterable<string>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  stderr(): string;
  /** Ends it with all it started, also what it left in the group; resolves when they are gone. One member at a time. */
  end(graceMs: number): Promise<void>;
}

const MAX_STDERR = 8 * 1024;

export async function spawnMember(argv: readonly string[], options: MemberOptions): Promise<Member | { started: false; problem: string }> {
  const [program = "", ...args] = argv;
  const before = ownMembers();
  let child: ReturnType<typeof start>;
  try {
    child = start(program, args, options);
  } catch (error) {
    return { started: false, problem: describeError(error) };
  }
  const { pid } = child;
  if (pid === undefined) {
    const result = await child;
    return { started: false, problem: result.originalMessage ?? result.shortMessage ?? "it could not be started" };
  }
  const stderr = new Tail(MAX_STDERR);
  child.stderr.on("data", (chunk: Buffer) => stderr.add(chunk));
  child.stdout.on("readable", () => undefined);
  child.stdin?.on("error", () => child.stdin?.destroy());
  child.stdin?.end(options.input ?? "");
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  void child.catch(() => undefined);
  return {
    started: true,
    lines: splitLines(child.stdout as AsyncIterable<Buffer>, options.maxLine),
    exit,
    stderr: () => stderr.text(),
    async end(graceMs) {
      await killMembers(pid, before, graceMs);
      // What left the group and its parent may still hold the pipe; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

function start(program: string, args: readonly string[], { cwd, env, input }: MemberOptions) {
  return execa(program, args, {
    ...{ cwd, env, extendEnv: false, preferLocal: false, cleanup: false, reject: false, buffer: false, encoding: "buffer" as const },
    ...{
      detached: false,
      stdin: input === null ? ("ignore" as const) : ("pipe" as const),
      stdout: "pipe" as const,
      stderr: "pipe" as const,
    },
  });
}
