/** Machines with an npx of the test's own, and what doctor says of the entries of clients there. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Look } from "../../../src/cli/doctor/check.ts";
import type { TestRepo } from "../../support/repo.ts";
import { tempDir } from "../../support/temp.ts";
import { skep } from "./skep.ts";

export const program = (file: string, text: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!${process.execPath}\n${text}`);
  chmodSync(file, 0o755);
};

/** A machine whose npx is `text`, a program of Node's. */
export function machine(text: string, ...before: string[]): { PATH: string; HOME: string } {
  const [bin, HOME] = [tempDir("bin"), tempDir("home")];
  program(path.join(bin, "npx"), text);
  return { PATH: [...before, bin, "/usr/bin", "/bin"].join(":"), HOME };
}

export async function clientLooks(repo: TestRepo, env: Record<string, string>): Promise<readonly Look[]> {
  const { stdout } = await skep(["doctor", "--json"], { cwd: repo.root, env });
  return (JSON.parse(stdout) as { looks: Look[] }).looks.filter(({ what }) => what === "clients");
}
