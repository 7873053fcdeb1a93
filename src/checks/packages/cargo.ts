/** Cargo.toml and Cargo.lock. */
import { parse } from "smol-toml";
import { byVersion, type Fields, fields, list, spec, text } from "./fields.ts";
import type { Lock, LockedPackage, Manifest } from "./read.ts";

const ASKS = ["dependencies", "dev-dependencies", "build-dependencies"];

export function readCargoManifest(source: string): Manifest {
  const file = fields(parse(source));
  const workspace = fields(file.workspace);
  const places: Fields[] = [file, { dependencies: workspace.dependencies }, ...Object.values(fields(file.target)).map(fields)];
  const direct = places.flatMap((place) =>
    ASKS.flatMap((key) =>
      // A package may be known here by another name than its own.
      Object.entries(fields(place[key])).map(([name, value]) => [text(fields(value).package) ?? name, spec(value)] as const),
    ),
  );
  return { direct: new Map(direct), licence: text(fields(file.package).license) ?? text(fields(workspace.package).license) };
}

export function readCargoLock(source: string): Lock {
  const [packages, wanted]: [LockedPackage[], Set<string>] = [[], new Set()];
  for (const value of list(fields(parse(source)).package)) {
    const entry = fields(value);
    // Without a source it is a member of the workspace, or below a path: manifests tell what those ask for.
    if (text(entry.source) === null) continue;
    for (const asked of list(entry.dependencies)) wanted.add(String(asked).split(" ", 1)[0] ?? "");
    packages.push({ name: text(entry.name) ?? "?", version: text(entry.version) ?? "?", licence: null });
  }
  return { packages: byVersion(packages), wanted, tellsLicences: false };
}
