/** Packages as they are published, and `npx` with a home of its own that fetches them from a registry on loopback. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { MAIN } from "./built.ts";
import type { Published, Registry } from "./registry.ts";

const run = promisify(execFile);

export interface Packed extends Published {
  /** Of the file that is downloaded. */
  readonly bytes: number;
  readonly installedBytes: number;
  readonly files: number;
}

/** What `npm pack` makes of a folder; its scripts do not run, so what is built is what is packed. */
async function pack(folder: string, into: string): Promise<Packed> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", into], { cwd: folder });
  const [made] = JSON.parse(stdout) as { filename: string; size: number; unpackedSize: number; entryCount: number; integrity: string }[];
  if (!made) throw new Error(`npm pack made nothing of ${folder}`);
  const { filename, size, unpackedSize, entryCount, integrity } = made;
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Published["manifest"];
  return { manifest, integrity, file: path.join(into, filename), bytes: size, installedBytes: unpackedSize, files: entryCount };
}

export const packSkep = (into: string): Promise<Packed> => pack(path.resolve(path.dirname(MAIN), ".."), into);

/** The least a package can be that answers `initialize`: what remains is npx and node. */
export async function packFloor(into: string): Promise<Packed> {
  const folder = path.join(into, "floor");
  mkdirSync(folder);
  const about = { name: "skep-bench-floor", version: "1.0.0", type: "module", bin: { "skep-bench-floor": "main.mjs" } };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(about));
  writeFileSync(path.join(folder, "main.mjs"), FLOOR);
  return pack(folder, into);
}

const FLOOR = `#!/usr/bin/env node
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { id, params } = JSON.parse(line);
  if (id !== undefined) {
    const result = { protocolVersion: params.protocolVersion, capabilities: {}, serverInfo: { name: "floor", version: "1" } };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
}
`;

/** A home with nothing in it. */
export function freshHome(dir: string): string {
  const home = mkdtempSync(path.join(dir, "home-"));
  mkdirSync(path.join(home, "tmp"));
  return home;
}

/** `npx -y <package> <arguments>`, with nothing of this process's environment but the PATH: npm hands its settings on by variables. */
export const npx = (home: string, { url }: Registry, { manifest }: Packed, ...args: readonly string[]): readonly [string, ...string[]] => [
  "env",
  "-i",
  ...[`HOME=${home}`, `TMPDIR=${path.join(home, "tmp")}`, `PATH=${process.env.PATH}`],
  ...[`npm_config_registry=${url}`, "npm_config_update_notifier=false"],
  ...["npx", "-y", manifest.name, ...args],
];
