/** Starts a TypeScript file of the tests as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { bundled } from "../../support/bundled.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

export async function startScript(file: string, args: readonly string[]): Promise<ChildProcess> {
  const script = await bundled(path.join(import.meta.dirname, file));
  return spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
}

/** All it printed, once it has ended well. */
export async function outputOf(starting: Promise<ChildProcess>): Promise<string> {
  const child = await starting;
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the script ended with ${code}`);
  return out;
}
