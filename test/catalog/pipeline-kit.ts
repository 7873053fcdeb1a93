/** Pipelines for tests: one that is sound, ways to break it, and the ground it is compiled on. */
import { loadCatalog } from "../../src/catalog/catalog.ts";
import { type CompileGround, compile } from "../../src/catalog/pipeline-compile.ts";
import { flawText } from "../../src/catalog/pipeline-flaws.ts";
import { fillPipeline, type Pipeline, parsePipeline } from "../../src/catalog/pipelines.ts";
import type { SourceFile } from "../../src/catalog/problems.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";

export const CATALOG = loadCatalog({ shipped: shippedFiles(), project: [] });

export const SOUND = `id: tidy
title: Tidy up
about: For a mess.
team: dev-team
variables:
  scope: {type: list, about: what is tidied, default: [src/, lib/]}
  much: {type: int, about: how much, example: 3}
  how: {type: enum, about: how, choices: [fast, slow], default: slow}
phases:
  - id: look
    title: Look
    tasks:
      - id: see
        title: See the mess
        role: architect
        scope: [docs/mess.md]
        brief: |
          The goal is {{goal}}.
            It is {{ how }}, {{much}} times over {{scope}}.
        acceptance: [It is seen]
  - id: work
    title: Work
    tasks:
      - id: sweep
        title: Sweep
        role: developer
        scope: [README.md, "{{scope}}", CHANGELOG.md]
        brief: Sweep.
        acceptance: [It is swept]
        proof: tests_pass
      - id: test
        title: Test it
        role: tester
        scope: [e2e/]
        brief: Test.
        acceptance: [It is tested]
        depends_on: [sweep]
`;

export const source = (text: string, name = "tidy") => ({ path: `.skep/templates/pipelines/${name}.yaml`, text });

/** The sound one with a piece replaced; the piece has to be there. */
export function broken(piece: string, by: string): string {
  if (!SOUND.includes(piece)) throw new Error(`the sound pipeline has no ${piece}`);
  return SOUND.replace(piece, by);
}

export const flawsOf = (text: string, name?: string): readonly string[] => parsePipeline(source(text, name), CATALOG).flaws.map(flawText);

/** @param file its text, or a whole file. */
function sound(file: string | SourceFile = SOUND): Pipeline {
  const read = parsePipeline(typeof file === "string" ? source(file) : file, CATALOG);
  if (read.value === null) throw new Error(read.flaws.map(flawText).join("\n"));
  return read.value;
}

export function groundFor(team: string, more: Partial<CompileGround> = {}): CompileGround {
  const roles = CATALOG.teams.get(team)?.seats.map(({ role }) => role) ?? [];
  const workers = roles.flatMap((role) => CATALOG.roles.get(role) ?? []).filter(({ duty }) => duty === "worker");
  return { team, workers, commands: ["tests"], metrics: ["speed"], risky: ["**/*auth*/**"], run: "r1", ...more };
}

/** What a run comes to: its plan, or the sentences that refuse it. */
export function tried(
  text: string | SourceFile,
  given: Readonly<Record<string, unknown>> = { goal: "tidy", much: 3 },
  set: Readonly<Record<string, unknown>> = {},
  more: Partial<CompileGround> = {},
) {
  const { value: draft, flaws } = fillPipeline(sound(text), given, set, CATALOG);
  if (draft === null) return { plan: null, flaws: flaws.map(flawText) };
  const made = compile(draft, groundFor(draft.team ?? "dev-team", more));
  return { plan: made.plan, flaws: made.flaws.map(flawText) };
}

export function planOf(...run: Parameters<typeof tried>) {
  const { plan, flaws } = tried(...run);
  if (plan === null) throw new Error(flaws.join("\n"));
  return plan;
}
