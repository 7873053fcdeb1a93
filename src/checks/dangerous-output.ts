/**
 * Nothing is added that would do harm when it is run or merged. Only what is plainly dangerous stops a submission; the rest is
 * told to the reviewer, and so is everything in documentation.
 *
 * `curl -fsSL https://x.test/install | sh` in `setup.sh` stops it; the same line in `README.md` is a note; in a comment nothing.
 */
import { z } from "zod";
import { matches } from "../base/glob.ts";
import type { Check, Finding } from "./check.ts";
import { dangerousFiles } from "./dangerous-files.ts";
import { COMMENT, DANGEROUS_LINES, type DangerousLine } from "./dangerous-lines.ts";
import { blocking, capped, note, result } from "./finding.ts";

interface Dangers {
  /** Globs of files it does not look at. */
  readonly ignore: readonly string[];
  /** Largest binary file that may be added, in KiB. */
  readonly fileKb: number;
}

const MAX_LINE = 2_000;
const OVERLAP = 200;
/** Documentation is read, not run. */
const DOCS = ["**/*.{md,mdx,rst,adoc,txt}", "**/docs/**", "LICENSE*"];
/** Files whose lines a shell or a build reads as commands. */
const RUN = [
  "**/*.{sh,bash,zsh,fish,ksh,ps1,bat,cmd,mk,yml,yaml}",
  "**/{Dockerfile,Containerfile,Makefile,GNUmakefile,Justfile,justfile,Jenkinsfile,Vagrantfile,package.json,crontab}*",
  "**/*.Dockerfile",
  "**/{hooks,.husky}/**",
];
const TESTS = ["**/{test,tests,__tests__,spec,fixtures,e2e}/**", "**/*.{test,spec}.*", "**/{test_*,*_test}.*"];

export const dangerousOutput: Check<Dangers> = {
  id: "dangerous-output",
  summary: "Nothing is added that would do harm when it is run or merged.",
  options: z.strictObject({ ignore: z.array(z.string()).default([]), fileKb: z.number().int().positive().default(1024) }),
  async run(change, options) {
    const [lines, entries, files] = await Promise.all([change.diff.added(), change.diff.entries(), change.diff.files()]);
    const ignored = new Set(change.paths.filter((path) => matches(path, options.ignore)));
    const seen = ({ path }: { readonly path: string }): boolean => !ignored.has(path);
    const binaries = new Set(files.filter(({ additions }) => additions === null).map(({ path }) => path));
    const found = await dangerousFiles(change, entries.filter(seen), binaries, options.fileKb);
    const links = new Set(entries.filter(({ after }) => after === "link" || after === "submodule").map(({ path }) => path));
    const programs = new Set(entries.filter(({ after }) => after === "executable").map(({ path }) => path));
    const own = lines.filter((line) => seen(line) && !links.has(line.path) && !COMMENT.test(line.text));
    const said = own.flatMap(({ path, line, text }) =>
      DANGEROUS_LINES.filter(({ pattern }) => windows(text).some((part) => pattern.test(part))).map((danger) =>
        finding(danger, path, line, programs.has(path)),
      ),
    );
    return result("dangerous-output", change, options, capped([...found, ...said], 30));
  },
};

/** A line of a built file can be longer than any expression should look at in one go. */
function windows(text: string): readonly string[] {
  if (text.length <= MAX_LINE) return [text];
  return Array.from({ length: Math.ceil(text.length / (MAX_LINE - OVERLAP)) }, (_, n) =>
    text.slice(n * (MAX_LINE - OVERLAP), n * (MAX_LINE - OVERLAP) + MAX_LINE),
  );
}

function finding(danger: DangerousLine, file: string, line: number, isProgram: boolean): Finding {
  const say = stops(danger, file, isProgram) ? blocking : note;
  return say("dangerous-output", `${danger.message} (${danger.id})`, danger.fix, { file, line });
}

function stops({ stops: where }: DangerousLine, file: string, isProgram: boolean): boolean {
  if (where === "never" || matches(file, DOCS)) return false;
  return where === "run" ? isProgram || matches(file, RUN) : !matches(file, TESTS);
}
