/** go.mod and go.sum. */
import { byVersion } from "./fields.ts";
import type { Lock, LockedPackage, Manifest } from "./read.ts";

/** `require a v1.2.3` and the lines of a block; what is `// indirect` was asked for by others. */
export function readGoMod(source: string): Manifest {
  const direct = new Map<string, string>();
  let block = "";
  for (const line of source.split("\n")) {
    const opens = /^(\w+)\s*\(/.exec(line);
    if (opens) block = opens[1] ?? "";
    else if (/^\)/.test(line)) block = "";
    const found = /^\s*(?:require\s+)?(\S+\.\S+|\S+\/\S+)\s+(v\S+)\s*(\/\/\s*indirect)?/.exec(line);
    if (found?.[1] && found[2] && !found[3] && (block === "require" || /^require\s/.test(line))) direct.set(found[1], found[2]);
  }
  return { direct, licence: null };
}

/** Lines for a go.mod alone are modules that were looked at and not used. */
export function readGoSum(source: string): Lock {
  const packages = source.split("\n").flatMap((line): LockedPackage[] => {
    const [name = "", version = ""] = line.split(" ");
    return name === "" || version === "" || version.endsWith("/go.mod") ? [] : [{ name, version, licence: null }];
  });
  return { packages: byVersion(packages), wanted: null, tellsLicences: false };
}
