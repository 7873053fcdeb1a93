/**
 * Finds OpenCode's native binary. npm installs a wrapper beside packages per platform; the wrapper is not started, because
 * killed it can leave the real program behind.
 */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Env } from "./harness.ts";

/** In the order in which they are to be tried: a build that this processor or libc cannot run does not tell its version. */
export function findOpencode(env: Env): readonly string[] {
  const home = env.HOME === undefined ? [] : [path.join(env.HOME, ".opencode/bin"), path.join(env.HOME, ".local/bin")];
  for (const folder of [...(env.PATH ?? "").split(path.delimiter), ...home]) {
    if (!path.isAbsolute(folder)) continue;
    const found = executable(path.join(folder, "opencode"));
    if (!found) continue;
    const platform = builds(found);
    if (platform.length > 0) return platform;
    if (["7f454c46", "cffaedfe", "cafebabe", "feedfacf"].includes(head(found).toString("hex"))) return [found];
    if (head(found).subarray(0, 2).toString() === "#!") return [found]; // a version manager's, or a test's
  }
  return [];
}

/** Above `…/opencode-ai/bin/x`: the platform packages are neighbours of `opencode-ai`, or nested in it. */
function builds(wrapper: string): readonly string[] {
  for (let folder = path.dirname(wrapper); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (path.basename(folder) !== "opencode-ai") continue;
    const base = `opencode-${process.platform}-${process.arch}`;
    return ["", "-baseline", "-musl", "-baseline-musl"].flatMap((kind) =>
      [path.dirname(folder), path.join(folder, "node_modules")].flatMap(
        (parent) => executable(path.join(parent, base + kind, "bin/opencode")) ?? [],
      ),
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
