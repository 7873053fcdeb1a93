/** Manifests and lock files of four worlds, read into one shape: which file is what, and who reads it. */
import { readCargoLock, readCargoManifest } from "./cargo.ts";
import { readGoMod, readGoSum } from "./go.ts";
import { readNpmLock, readPackageJson, readPnpmLock, readYarnLock } from "./npm.ts";
import { readPoetryLock, readPyproject, readRequirements, readUvLock } from "./python.ts";

/** What people wrote down. */
export interface Manifest {
  /** Name → version as asked for. */
  readonly direct: ReadonlyMap<string, string>;
  /** Of the project itself; null: it does not say. */
  readonly licence: string | null;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** null: unknown. */
  readonly licence: string | null;
}
/** What a tool wrote down. */
export interface Lock {
  /** By name and version. */
  readonly packages: ReadonlyMap<string, LockedPackage>;
  /** Names its packages ask for; null: the format does not tell well enough to conclude anything. */
  readonly wanted: ReadonlySet<string> | null;
  readonly tellsLicences: boolean;
}

export type World = "npm" | "python" | "go" | "cargo";
export type Reader =
  | { readonly kind: "manifest"; readonly world: World; read(text: string): Manifest }
  | { readonly kind: "lock"; readonly world: World; read(text: string): Lock };

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^package\.json$/, { kind: "manifest", world: "npm", read: readPackageJson }],
  [/^(package-lock|npm-shrinkwrap)\.json$/, { kind: "lock", world: "npm", read: readNpmLock }],
  [/^pnpm-lock\.yaml$/, { kind: "lock", world: "npm", read: readPnpmLock }],
  [/^yarn\.lock$/, { kind: "lock", world: "npm", read: readYarnLock }],
  [/^requirements[\w.-]*\.txt$/, { kind: "manifest", world: "python", read: readRequirements }],
  [/^pyproject\.toml$/, { kind: "manifest", world: "python", read: readPyproject }],
  [/^poetry\.lock$/, { kind: "lock", world: "python", read: readPoetryLock }],
  [/^uv\.lock$/, { kind: "lock", world: "python", read: readUvLock }],
  [/^go\.mod$/, { kind: "manifest", world: "go", read: readGoMod }],
  [/^go\.sum$/, { kind: "lock", world: "go", read: readGoSum }],
  [/^Cargo\.toml$/, { kind: "manifest", world: "cargo", read: readCargoManifest }],
  [/^Cargo\.lock$/, { kind: "lock", world: "cargo", read: readCargoLock }],
];

/** Who reads a file of this path; null when it is none of these. */
export function readerFor(path: string): Reader | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return READERS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
