/** Which rules are about a task, and in which order they are told. */
import { matches } from "../base/glob.ts";
import { isOneFile, mayOverlap } from "../domain/overlap.ts";
import type { Rule, Tier } from "./rules.ts";

const RANK: Readonly<Record<Tier, number>> = { project: 0, framework: 1, universal: 2 };

/** Those that may be about one of the files, which are paths or globs; the most particular first. */
export function rulesFor(rules: readonly Rule[], files: readonly string[]): readonly Rule[] {
  return rules
    .filter(({ paths }) => paths === null || files.some((file) => isAbout(paths, file)))
    .toSorted((a, b) => RANK[a.tier] - RANK[b.tier] || b.priority - a.priority || (a.id < b.id ? -1 : 1));
}

/** One file is told for sure; below a folder or a glob anything may come to be. */
const isAbout = (paths: readonly string[], file: string): boolean =>
  isOneFile(file) ? matches(file, paths) : paths.some((glob) => mayOverlap(glob, file));
