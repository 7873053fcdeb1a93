/** The test main file as a child process, ended by its pid when the test is over. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { bundled } from "../../support/bundled.ts";

export const mainFile = (): Promise<string> => bundled(path.join(import.meta.dirname, "main.ts"));

const running = new Set<ChildProcessWithoutNullStreams>();

export async function startMain(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcessWithoutNullStreams> {
  const child = spawn(process.execPath, [await mainFile(), ...args], { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  // A test may close the pipe under the child's feet.
  child.stdin.on("error", () => undefined);
  return child;
}

export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      return closed;
    }),
  );
}

/** Everything it prints, and how it ended. */
export async function outcome(child: ChildProcessWithoutNullStreams): Promise<{ out: string; code: number | null; signal: string | null }> {
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { out, code, signal };
}
