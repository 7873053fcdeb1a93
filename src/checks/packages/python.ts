/** requirements.txt, pyproject.toml and the lock files of Poetry and uv. */
import { parse } from "smol-toml";
import { byVersion, type Fields, fields, list, spec, text } from "./fields.ts";
import type { Lock, LockedPackage, Manifest } from "./read.ts";

/** `Ruamel_yaml` and `ruamel.yaml` are one package. */
const nameOf = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/** `name[extra]>=1.0; python_version > "3"`; options, paths and urls without a name are none. */
function requirement(line: string): readonly [string, string] | null {
  const found = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)/.exec(line.trim());
  return found?.[1] ? [nameOf(found[1]), (found[2] ?? "").trim() || "*"] : null;
}

export function readRequirements(source: string): Manifest {
  const lines = source.replace(/\\\r?\n/g, " ").split("\n");
  const direct = lines.map((line) => requirement(line.replace(/\s--hash=\S+/g, ""))).filter((one) => one !== null);
  return { direct: new Map(direct), licence: null };
}

export function readPyproject(source: string): Manifest {
  const file = fields(parse(source));
  const project = fields(file.project);
  const poetry = fields(fields(file.tool).poetry);
  const lists = [
    project.dependencies,
    ...Object.values(fields(project["optional-dependencies"])),
    ...Object.values(fields(file["dependency-groups"])),
  ];
  const tables = [
    poetry.dependencies,
    poetry["dev-dependencies"],
    ...Object.values(fields(poetry.group)).map((group) => fields(group).dependencies),
  ];
  const direct = [
    ...lists.flatMap((one) => list(one).map((line) => (typeof line === "string" ? requirement(line) : null))),
    ...tables.flatMap((one) => Object.entries(fields(one)).map(([name, value]) => [nameOf(name), spec(value)] as const)),
  ].filter((one) => one !== null && one[0] !== "python");
  const { license } = project;
  const licence = text(license) ?? text(fields(license).text) ?? text(fields(license).file) ?? text(poetry.license);
  return { direct: new Map(direct as (readonly [string, string])[]), licence };
}

export function readPoetryLock(source: string): Lock {
  return lockOf(source, (entry) => [
    ...Object.keys(fields(entry.dependencies)),
    ...Object.values(fields(entry.extras)).flatMap((lines) => list(lines).flatMap((line) => requirement(String(line))?.[0] ?? [])),
  ]);
}

export function readUvLock(source: string): Lock {
  return lockOf(source, (entry) =>
    [entry.dependencies, ...Object.values(fields(entry["optional-dependencies"]))].flatMap((one) =>
      list(one).flatMap((asked) => text(fields(asked).name) ?? []),
    ),
  );
}

function lockOf(source: string, asks: (entry: Fields) => readonly string[]): Lock {
  const [packages, wanted]: [LockedPackage[], Set<string>] = [[], new Set()];
  for (const value of list(fields(parse(source)).package)) {
    const entry = fields(value);
    const from = fields(entry.source);
    // The project itself: its manifest tells what it asks for.
    if (["editable", "virtual", "directory"].some((key) => from[key] !== undefined)) continue;
    for (const name of asks(entry)) wanted.add(nameOf(name));
    packages.push({ name: nameOf(text(entry.name) ?? "?"), version: text(entry.version) ?? "?", licence: null });
  }
  return { packages: byVersion(packages), wanted, tellsLicences: false };
}
