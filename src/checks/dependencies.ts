/**
 * What a change does to the packages a project is made of, and to licences: what came in, went or moved is named; a direct
 * dependency the project does not allow, a denied licence, a locked package nobody asks for and a change of the project's own
 * licence stop the submission.
 *
 * `"left-pad": "^1.0.0"` added to package.json is a note; with `allow: ["zod"]` it stops.
 */
import { z } from "zod";
import { describeError, quote } from "../base/errors.ts";
import { matches } from "../base/glob.ts";
import type { ChangedEntry } from "../git/entries.ts";
import { filesAt, textAt } from "../git/tree.ts";
import type { Change, Check, Finding } from "./check.ts";
import { blocking, capped, note, result } from "./finding.ts";
import { compare, isDenied } from "./packages/compare.ts";
import { type Lock, type LockedPackage, type Manifest, type Reader, readerFor } from "./packages/read.ts";

interface Wishes {
  /** Names that may become direct dependencies; null: any. */
  readonly allow: readonly string[] | null;
  readonly licences: { readonly deny: readonly string[] };
  readonly licenceChanges: "block" | "allow";
}

const CHECK = "dependencies";
const MAX_BYTES = 32 << 20;
const SHOWN = 20;
/** Packages of examples and copies are not what the project is made of. */
const APART = ["**/{test,tests,__tests__,fixtures,testdata,node_modules,vendor,third_party}/**"];
const LICENCE_FILE = /(^|\/)(licen[cs]e|copying|unlicense)([.-][^/]*)?$/i;

export const dependencies: Check<Wishes> = {
  id: CHECK,
  summary: "Packages that come in are named and allowed, and the licence stays as it is.",
  options: z.strictObject({
    allow: z.array(z.string()).nullable().default(null),
    licences: z.strictObject({ deny: z.array(z.string()).default([]) }).prefault({}),
    licenceChanges: z.enum(["block", "allow"]).default("block"),
  }),
  async run(change, options) {
    const changed = await change.diff.entries();
    const findings: Finding[] = [];
    for (const entry of changed.filter(({ path }) => !matches(path, APART))) {
      change.signal.throwIfAborted();
      if (LICENCE_FILE.test(entry.path) && !/\.(?:[cm]?[jt]sx?|py|go|rs|json)$/.test(entry.path)) {
        findings.push(...ownLicence(entry.path, entry.after === null ? "is removed" : "is changed", options));
      }
      const reader = readerFor(entry.path);
      if (reader) findings.push(...(await look(reader, entry, change, options)));
    }
    return result(CHECK, change, options, capped(findings, 40));
  },
};

async function look(reader: Reader, entry: ChangedEntry, change: Change, options: Wishes): Promise<readonly Finding[]> {
  const file = entry.path;
  if ((entry.size ?? 0) > MAX_BYTES) return [blocking(CHECK, "too large to be read", "Make it smaller than 32 MiB.", { file })];
  const [now, before] = await Promise.all([change.sha, change.base].map((commit) => textAt(change.worktree, commit, file, MAX_BYTES)));
  try {
    if (reader.kind === "manifest") {
      const [after, old] = [now, before].map((source) => (source ? reader.read(source) : null));
      return direct(file, old ?? null, after ?? null, now ?? "", options);
    }
    const [after, old] = [now, before].map((source) => (source ? reader.read(source) : null));
    const asked = after?.wanted ? await manifestNames(reader, file, change) : null;
    return locked(file, old ?? null, after ?? null, asked, options);
  } catch (error) {
    const message = `cannot be read, so nobody knows what came in: ${quote(describeError(error).split("\n", 1)[0] ?? "", 160)}`;
    return [blocking(CHECK, message, "Write it in the form its tool reads.", { file })];
  }
}

/** Direct dependencies and the project's licence, as people wrote them down. */
function direct(file: string, before: Manifest | null, after: Manifest | null, source: string, options: Wishes): readonly Finding[] {
  const [old, now] = [before?.direct ?? new Map<string, string>(), after?.direct ?? new Map<string, string>()];
  const came = [...now].filter(([name]) => !old.has(name));
  const moved = [...now].filter(([name, wanted]) => old.has(name) && old.get(name) !== wanted);
  const went = [...old.keys()].filter((name) => !now.has(name));
  const findings = came.map(([name, wanted]) => {
    const what = `new direct dependency ${quote(name, 100)} ${quote(wanted, 60)}`;
    const place = { file, ...lineOf(source, name) };
    if (options.allow === null || options.allow.includes(name)) return note(CHECK, what, "Say in the summary what it is for.", place);
    return blocking(
      CHECK,
      `${what}, which the project does not allow`,
      "Do without it, or ask for it under checks.dependencies.allow.",
      place,
    );
  });
  const rest = [
    ...(moved.length > 0 ? [`changed: ${some(moved.map(([name, wanted]) => `${name} ${old.get(name)} → ${wanted}`))}`] : []),
    ...(went.length > 0 ? [`went: ${some(went)}`] : []),
  ];
  if (rest.length > 0) findings.push(note(CHECK, rest.join("; "), "Say in the summary why.", { file }));
  if (before === null || (before.licence ?? "") === (after?.licence ?? before.licence ?? "")) return findings;
  return [
    ...findings,
    ...ownLicence(file, `says ${quote(after?.licence ?? "nothing", 80)} instead of ${quote(before.licence ?? "nothing", 80)}`, options),
  ];
}

/** @param asked names the manifests ask for; null: the format does not tell who asks for what. */
function locked(
  file: string,
  before: Lock | null,
  after: Lock | null,
  asked: ReadonlySet<string> | null,
  options: Wishes,
): readonly Finding[] {
  const { came, went, moved, fresh } = compare(before, after);
  const findings: Finding[] = [];
  for (const one of came) {
    if (one.licence === null || !isDenied(one.licence, options.licences.deny)) continue;
    const message = `${shown(one)} is under ${quote(one.licence, 80)}, which the project denies`;
    findings.push(blocking(CHECK, message, "Use a package under another licence.", { file }));
  }
  const { deny } = options.licences;
  const unknown = came.filter(({ licence }) => licence === null);
  if (deny.length > 0 && unknown.length > 0) {
    const message = `licence unknown, so not held against checks.dependencies.licences: ${some(unknown.map((one) => shown(one)))}`;
    findings.push(note(CHECK, message, "Look their licences up and name them in the summary.", { file }));
  }
  const wanted = after?.wanted;
  for (const one of wanted && asked ? fresh.filter(({ name }) => !wanted.has(name) && !asked.has(name)) : []) {
    const message = `${shown(one)} came in, and neither a manifest nor another package asks for it`;
    findings.push(blocking(CHECK, message, "Make the lock file with its tool, from the manifest.", { file }));
  }
  const parts = [
    ...(fresh.length > 0 ? [`came in: ${some(fresh.map((one) => shown(one, after?.tellsLicences)))}`] : []),
    ...(moved.length > 0 ? [`changed: ${some(moved)}`] : []),
    ...(went.length > 0 ? [`went: ${some(went)}`] : []),
  ];
  if (parts.length > 0) findings.push(note(CHECK, parts.join("; "), "Say in the summary what asked for them.", { file }));
  return findings;
}

/** What the manifests of the same world, beside and below the lock file, ask for. */
async function manifestNames({ world }: Reader, lock: string, change: Change): Promise<ReadonlySet<string>> {
  const folder = lock.slice(0, lock.lastIndexOf("/") + 1);
  const files = (await filesAt(change.worktree, change.sha)).filter((path) => path.startsWith(folder) && !path.includes("node_modules/"));
  const names = new Set<string>();
  for (const path of files) {
    const reader = readerFor(path);
    if (reader?.kind !== "manifest" || reader.world !== world) continue;
    const source = await textAt(change.worktree, change.sha, path, MAX_BYTES);
    try {
      for (const name of reader.read(source ?? "").direct.keys()) names.add(name);
    } catch {
      // A manifest of an example that is broken on purpose asks for nothing; one that was changed is found above.
    }
  }
  return names;
}

function ownLicence(file: string, what: string, { licenceChanges }: Wishes): readonly Finding[] {
  if (licenceChanges === "allow") return [note(CHECK, `the licence ${what}`, "Say in the summary why.", { file })];
  const fix = `Take it back; a person decides about the licence (checks.dependencies.licenceChanges).`;
  return [blocking(CHECK, `the licence ${what}`, fix, { file })];
}

function shown({ name, version, licence }: LockedPackage, withLicence = false): string {
  return `${name} ${version}${withLicence ? ` (${licence ?? "licence unknown"})` : ""}`;
}

function some(all: readonly string[]): string {
  const rest = all.length - SHOWN;
  return `${quote(all.slice(0, SHOWN).join(", "), 1_500).slice(1, -1)}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Where a manifest names it first. */
function lineOf(source: string, name: string): { line?: number } {
  const rows = source.toLowerCase().split("\n");
  const quoted = rows.findIndex((row) => row.includes(`"${name.toLowerCase()}"`));
  const at = quoted >= 0 ? quoted : rows.findIndex((row) => row.includes(name.toLowerCase()));
  return at < 0 ? {} : { line: at + 1 };
}
