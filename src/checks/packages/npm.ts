/** package.json and the lock files of npm, pnpm and Yarn. */
import { byVersion, type Fields, fields, spec, text } from "./fields.ts";
import type { Lock, LockedPackage, Manifest } from "./read.ts";

const ASKS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

export function readPackageJson(source: string): Manifest {
  const file = fields(JSON.parse(source));
  const direct = new Map(ASKS.flatMap((key) => Object.entries(fields(file[key])).map(([name, value]) => [name, spec(value)] as const)));
  return { direct, licence: licenceOf(file) };
}

/** Old packages have an object, or a list of them. */
function licenceOf({ license, licenses }: Fields): string | null {
  const several = Array.isArray(licenses) ? licenses.map((one) => text(fields(one).type)).filter((one) => one !== null) : [];
  return text(license) ?? text(fields(license).type) ?? (several.length > 0 ? several.join(" OR ") : null);
}

/** Roots and workspaces are what the manifests say, so what the lock repeats of them explains nothing. */
export function readNpmLock(source: string): Lock {
  const file = fields(JSON.parse(source));
  const [packages, wanted]: [LockedPackage[], Set<string>] = [[], new Set()];
  if (file.packages === undefined) {
    oldTree(fields(file.dependencies), packages, wanted);
    return { packages: byVersion(packages), wanted, tellsLicences: false };
  }
  for (const [place, value] of Object.entries(fields(file.packages))) {
    const entry = fields(value);
    const at = place.lastIndexOf("node_modules/");
    if (at < 0 || entry.link === true) continue;
    for (const key of ASKS.filter((ask) => ask !== "devDependencies")) for (const name of Object.keys(fields(entry[key]))) wanted.add(name);
    // What is packed inside another package came with it.
    if (entry.inBundle === true) continue;
    packages.push({ name: place.slice(at + "node_modules/".length), version: text(entry.version) ?? "?", licence: licenceOf(entry) });
  }
  return { packages: byVersion(packages), wanted, tellsLicences: true };
}

function oldTree(tree: Fields, packages: LockedPackage[], wanted: Set<string>): void {
  const open = [tree];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const [name, value] of Object.entries(next)) {
      const entry = fields(value);
      for (const asked of Object.keys(fields(entry.requires))) wanted.add(asked);
      open.push(fields(entry.dependencies));
      if (entry.bundled !== true) packages.push({ name, version: text(entry.version) ?? "?", licence: null });
    }
  }
}

/** Keys of the section `packages`: `/a@1.0.0:`, `'@s/a@1.0.0(b@2)':`, and `/a/1.0.0:` of old. Only keys are needed. */
export function readPnpmLock(source: string): Lock {
  const packages: LockedPackage[] = [];
  let inside = false;
  for (const line of source.split("\n")) {
    if (/^\S/.test(line)) inside = line.startsWith("packages:");
    const found = inside ? /^ {2}'?\/?(@?[^@'\s/]+(?:\/[^@'\s/]+)?)[@/](\d[^'(:\s]*)/.exec(line) : null;
    if (found?.[1] && found[2]) packages.push({ name: found[1], version: found[2], licence: null });
  }
  return { packages: byVersion(packages), wanted: null, tellsLicences: false };
}

/** `"@s/a@^1.0", "@s/a@~1.2":` and below it `version "1.2.3"`, or `version: 1.2.3` since Yarn 2. */
export function readYarnLock(source: string): Lock {
  const packages: LockedPackage[] = [];
  let name: string | null = null;
  for (const line of source.split("\n")) {
    if (/^[^\s#]/.test(line)) name = /@workspace:/.test(line) ? null : (/^"?(@?[^@"\s]+)@/.exec(line)?.[1] ?? null);
    const version = /^ {2}version:? "?([^"\s]+)"?/.exec(line)?.[1];
    if (name !== null && version) packages.push({ name, version, licence: null });
  }
  return { packages: byVersion(packages), wanted: null, tellsLicences: false };
}
