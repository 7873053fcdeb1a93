/** What changed between two lists of packages, and what their licences allow. */
import type { Lock, LockedPackage } from "./read.ts";

export interface Changes {
  /** Versions that were not there: of new packages, and of known ones. */
  readonly came: readonly LockedPackage[];
  readonly went: readonly string[];
  /** `a 1.0 → 2.0` */
  readonly moved: readonly string[];
  /** Of `came`, those whose name was not there at all. */
  readonly fresh: readonly LockedPackage[];
}

export function compare(before: Lock | null, after: Lock | null): Changes {
  const [old, now] = [before?.packages ?? new Map<string, LockedPackage>(), after?.packages ?? new Map<string, LockedPackage>()];
  const [oldNames, newNames] = [versions(old), versions(now)];
  const came = [...now].flatMap(([key, one]) => (old.has(key) ? [] : [one]));
  const moved = [...newNames].flatMap(([name, list]) => {
    const earlier = oldNames.get(name);
    return earlier && earlier.join() !== list.join() ? [`${name} ${earlier.join(", ")} → ${list.join(", ")}`] : [];
  });
  return {
    came,
    moved,
    went: [...oldNames.keys()].filter((name) => !newNames.has(name)),
    fresh: came.filter(({ name }) => !oldNames.has(name)),
  };
}

function versions(packages: ReadonlyMap<string, LockedPackage>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name, version } of packages.values()) found.set(name, [...(found.get(name) ?? []), version].sort());
  return found;
}

/** An SPDX expression is denied when each of its alternatives has a part that is: `MIT OR GPL-3.0` passes without GPL-3.0. */
export function isDenied(licence: string, deny: readonly string[]): boolean {
  const denied = new Set(deny.map(plain));
  const alternatives = licence.replace(/[()]/g, " ").split(/\s+OR\s+|\s*\/\s*/i);
  return alternatives.every((one) => one.split(/\s+AND\s+/i).some((part) => denied.has(plain(part))));
}

/** `GPL-3.0-only`, `GPL-3.0-or-later WITH Classpath-exception-2.0` and `GPL-3.0+` are GPL-3.0 here. */
const plain = (licence: string): string =>
  licence
    .trim()
    .toLowerCase()
    .replace(/\s+with\s.*$/, "")
    .replace(/(-only|-or-later|\+)$/, "");
