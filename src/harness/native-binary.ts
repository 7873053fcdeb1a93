/**
 * Finds the native binary of a CLI that npm installs as a wrapper plus one package per platform. The wrapper starts it as a
 * child, and one that is killed can leave the child behind: so the binary is started directly.
 */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Env } from "./harness.ts";

export interface NativeProgram {
  /** Name on the PATH. */
  readonly name: string;
  /** Folders below HOME where it is looked for when the PATH does not have it. */
  readonly homes: readonly string[];
  readonly scope: string;
  /** The wrapper's package in that scope. The platform packages are its neighbours, or nested in it. */
  readonly wrapper: string;
  /** The binary as `<platform package>/<file>`, the preferred one first. */
  readonly natives: readonly string[];
}

export const findNative = (env: Env, program: NativeProgram): string | null => nativeBuilds(env, program)[0] ?? null;

/** All builds behind the first program of this name, the preferred one first; empty when there is none. */
export function nativeBuilds(env: Env, program: NativeProgram): readonly string[] {
  const home = env.HOME;
  const homes = home === undefined ? [] : program.homes.map((folder) => path.join(home, folder));
  for (const folder of [...(env.PATH ?? "").split(path.delimiter), ...homes]) {
    if (!path.isAbsolute(folder)) continue;
    const found = executable(path.join(folder, program.name));
    if (!found) continue;
    const builds = isNative(found) ? [found] : behind(found, program);
    if (builds.length > 0) return builds;
    if (isScript(found)) return [found];
  }
  return [];
}

function behind(file: string, { scope, wrapper, natives }: NativeProgram): readonly string[] {
  for (let folder = path.dirname(file); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (path.basename(folder) !== wrapper) continue;
    const parents = [path.dirname(folder), path.join(folder, "node_modules", scope)];
    return natives.flatMap((inside) =>
      parents.flatMap((parent) => {
        const native = executable(path.join(parent, inside));
        return native && (isNative(native) || isScript(native)) ? [native] : [];
      }),
    );
  }
  return [];
}

function executable(file: string): string | null {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? realpathSync(file) : null;
  } catch {
    return null; // not there, or not to be run
  }
}

const NATIVE = ["7f454c46", "cffaedfe", "cafebabe", "feedfacf"];
const isNative = (file: string): boolean => NATIVE.includes(head(file).toString("hex"));
/** A version manager's shim, which replaces itself by the real program. */
const isScript = (file: string): boolean => head(file).subarray(0, 2).toString() === "#!";

function head(file: string): Buffer {
  const bytes = Buffer.alloc(4);
  const fd = openSync(file, "r");
  try {
    readSync(fd, bytes, 0, 4, 0);
  } finally {
    closeSync(fd);
  }
  return bytes;
}
