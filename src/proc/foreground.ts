/** A program at the person's own terminal: it has the keyboard and the screen, and its Ctrl-C is not ours. */
import { execa } from "execa";
import { describeError } from "../base/errors.ts";
import type { EnvSource } from "./env.ts";

export type Ended =
  | { readonly started: true; readonly code: number | null; readonly signal: string | null }
  | { readonly started: false; readonly problem: string };

export async function runForeground(
  argv: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: EnvSource },
): Promise<Ended> {
  const [program = "", ...args] = argv;
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  try {
    const options = { cwd, env, extendEnv: false, preferLocal: false, reject: false, stdio: "inherit" } as const;
    const { exitCode, signal, originalMessage } = await execa(program, args, options);
    if (exitCode === undefined && signal === undefined) return { started: false, problem: originalMessage ?? "it could not be started" };
    return { started: true, code: exitCode ?? null, signal: signal ?? null };
  } catch (error) {
    return { started: false, problem: describeError(error) };
  } finally {
    process.off("SIGINT", ignore);
  }
}
