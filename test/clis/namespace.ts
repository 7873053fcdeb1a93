/**
 * Real CLIs run where there is nothing but loopback: their servers, their model and they themselves share a network
 * namespace without a way out, with an environment of five made-up variables.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { run } from "../../src/proc/run.ts";

export interface Driven {
  readonly facts: unknown;
  readonly log: string;
}

/** Runs `program` (a TypeScript file that ends in `finish(facts)`) inside a fresh namespace. */
export async function driveInNamespace(program: URL, args: readonly string[], cwd: string, timeoutMs: number): Promise<Driven> {
  const unshare = ["unshare", process.getuid?.() === 0 ? "-n" : "-rn"];
  const node = [process.execPath, "--import", import.meta.resolve("tsx"), fileURLToPath(program), ...args];
  const env = { PATH: process.env.PATH ?? "", HOME: cwd, LANG: "C.UTF-8" };
  const result = await run([...unshare, ...node], { cwd, env, timeoutMs, maxOutput: 512 * 1024 });
  const line = result.stdout.split("\n").find((text) => text.startsWith(FACTS));
  if (!line) throw new Error(`${result.outcome} ${result.code} ${result.problem}\n${result.output.slice(-8_000)}`);
  return { facts: JSON.parse(line.slice(FACTS.length)), log: result.stderr };
}

const FACTS = "FACTS ";
export const finish = (facts: unknown): void => void process.stdout.write(`${FACTS}${JSON.stringify(facts)}\n`);

/** Called by a driver before anything else: brings loopback up, and refuses to go on when any other interface is there. */
export function requireLoopbackOnly(): void {
  execFileSync("ip", ["link", "set", "lo", "up"]);
  const links = execFileSync("ip", ["-o", "link"], { encoding: "utf8" }).trim().split("\n");
  if (links.length !== 1 || !links[0]?.includes(" lo:")) throw new Error(`not a loopback-only namespace: ${links.join("; ")}`);
}
