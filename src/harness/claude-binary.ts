/**
 * Finds Claude Code's native binary. npm installs a wrapper that starts it as a child; a wrapper that is killed can leave
 * the child behind, so the binary of the platform package beside it is started directly.
 */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Env } from "./harness.ts";

export function findClaude(env: Env): string | null {
  const home = env.HOME === undefined ? [] : [path.join(env.HOME, ".local/bin"), path.join(env.HOME, ".claude/local")];
  for (const folder of [...(env.PATH ?? "").split(path.delimiter), ...home]) {
    if (!path.isAbsolute(folder)) continue;
    const found = executable(path.join(folder, "claude"));
    if (!found) continue;
    const program = isNative(found) ? found : (nativeOf(found) ?? (isScript(found) ? found : null));
    if (program) return program;
  }
  return null;
}

/** Above `…/claude-code/bin/x`: the platform packages are neighbours of `claude-code`, or nested in it. */
function nativeOf(wrapper: string): string | null {
  for (let folder = path.dirname(wrapper); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (path.basename(folder) !== "claude-code") continue;
    for (const parent of [path.dirname(folder), path.join(folder, "node_modules/@anthropic-ai")]) {
      for (const platform of platforms()) {
        const native = executable(path.join(parent, `claude-code-${platform}`, "claude"));
        if (native && isNative(native)) return native;
      }
    }
  }
  return null;
}

/** The glibc build first, as the wrapper itself prefers; where only the musl one is installed it is taken. */
const platforms = (): readonly string[] => {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === "linux" ? [name, `${name}-musl`] : [name];
};

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
