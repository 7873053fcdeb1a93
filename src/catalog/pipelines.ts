/**
 * A pipeline: a goal of a known shape as a plan in the making. One YAML file, `templates/pipelines/<id>.yaml`: phases, their
 * tasks, and variables a person fills in. It is read once, filled with the values of a run, and compiled to an ordinary plan.
 */
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { readYaml, type YamlSource } from "../base/yaml-source.ts";
import { fillTree, pathKey, readTemplates, type Templates } from "./pipeline-fill.ts";
import { choose, type Flaw, perhaps, schemaFlaws } from "./pipeline-flaws.ts";
import { orderFlaws } from "./pipeline-order.ts";
import { headSchema, PIPELINE_KEYS, type PipelineDraft, pipelineSchema } from "./pipeline-schema.ts";
import { applySets, type Overrides } from "./pipeline-set.ts";
import { exampleValues, type Variables, valuesFor, variableProblems, withGoal } from "./pipeline-variables.ts";
import type { SourceFile } from "./problems.ts";
import { idOfPath, type Role } from "./roles.ts";
import type { Team } from "./teams.ts";

export interface Pipeline {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly variables: Variables;
  readonly file: string;
  /** The file as it is: what a swarm pins. */
  readonly text: string;
  readonly source: YamlSource;
  readonly templates: Templates;
}

/** A pipeline with the values of one run, sound in itself. */
export interface Draft extends PipelineDraft {
  /** Names nobody has; said together with what the team and the project lack. */
  readonly flaws: readonly Flaw[];
  readonly place: (path: readonly PropertyKey[]) => string;
}

export interface KnownToPipelines {
  readonly roles: ReadonlyMap<string, Role>;
  readonly teams: ReadonlyMap<string, Team>;
}

type Read<T> = { readonly value: T; readonly flaws: readonly [] } | { readonly value: null; readonly flaws: readonly Flaw[] };

/** The file by itself, tried out with its defaults and examples: whatever is wrong with it is said before anybody runs it. */
export function parsePipeline({ path: file, text }: SourceFile, known: KnownToPipelines): Read<Pipeline> {
  const named = idOfPath(file, ".yaml");
  if (named === null)
    return refused({ place: file, what: "has a name that cannot be an id", fix: "rename it: letters, digits and hyphens, lower case" });
  let source: YamlSource;
  try {
    source = readYaml(text, { file, code: "PIPELINE_INVALID" });
  } catch (error) {
    if (!(error instanceof SkepError)) throw error;
    const [, place = file, what = error.message] = /^(\S+): ([\s\S]*)$/.exec(error.message) ?? [];
    return refused({ place, what: `is no valid YAML: ${what}`, fix: error.next });
  }
  const head = headSchema.safeParse(source.value);
  if (!head.success) return { value: null, flaws: schemaFlaws(head.error, PIPELINE_KEYS, source) };
  const { id, title, about } = head.data;
  const variables = withGoal(head.data.variables);
  const { templates, flaws } = readTemplates(source, Object.keys(variables));
  const own: Flaw[] = [
    ...(id === named
      ? []
      : [{ place: source.place(["id"]), what: `says it is ${quote(id)}`, fix: `make the id ${quote(named)} or rename the file` }]),
    ...variableProblems(head.data.variables).map(([name, what, fix]) => ({
      place: source.keyPlace(["variables"], name),
      what: `the variable ${quote(name)} ${what}`,
      fix,
    })),
    ...flaws,
  ];
  if (own.length > 0) return { value: null, flaws: own };
  const pipeline: Pipeline = { id, title, about, variables, file, text, source, templates };
  const tried = filledWith(pipeline, exampleValues(variables), {}, known);
  const found = tried.value === null ? tried.flaws : tried.value.flaws;
  return found.length > 0 ? { value: null, flaws: found } : { value: pipeline, flaws: [] };
}

const refused = (flaw: Flaw): { value: null; flaws: readonly Flaw[] } => ({ value: null, flaws: [flaw] });

/** With what a person gave. Everything wrong with it at once. */
export function fillPipeline(
  pipeline: Pipeline,
  given: Readonly<Record<string, unknown>>,
  sets: Overrides,
  known: KnownToPipelines,
): Read<Draft> {
  const { values, problems } = valuesFor(pipeline.variables, given);
  const flaws = problems.map(([name, what, fix]): Flaw => ({ place: `var ${name}`, what, fix }));
  const filled = filledWith(pipeline, { ...exampleValues(pipeline.variables), ...values }, sets, known);
  if (flaws.length === 0) return filled;
  return { value: null, flaws: [...flaws, ...(filled.value === null ? filled.flaws : filled.value.flaws)] };
}

function filledWith(pipeline: Pipeline, values: Parameters<typeof fillTree>[2], sets: Overrides, known: KnownToPipelines): Read<Draft> {
  const { source, templates } = pipeline;
  const filled = fillTree(source, templates, values);
  if (filled.flaws.length > 0) return { value: null, flaws: filled.flaws };
  const applied = applySets(filled.value, sets);
  const setAt = (path: readonly PropertyKey[]): string | undefined =>
    applied.set.find((one) => pathKey(path.slice(0, one.path.length)) === pathKey(one.path))?.name;
  const place = (path: readonly PropertyKey[]): string => setAt(path) ?? source.place(filled.from(path));
  const keyPlace = (path: readonly PropertyKey[], name: string): string => setAt(path) ?? source.keyPlace(filled.from(path), name);
  const read = pipelineSchema.safeParse(filled.value);
  if (!read.success) return { value: null, flaws: [...applied.flaws, ...schemaFlaws(read.error, PIPELINE_KEYS, { place, keyPlace })] };
  const flaws = [...applied.flaws, ...orderFlaws(read.data, place)];
  if (flaws.length > 0) return { value: null, flaws: [...flaws, ...nameFlaws(read.data, place, known)] };
  return { value: { ...read.data, place, flaws: nameFlaws(read.data, place, known) }, flaws: [] };
}

/** Roles and teams that nobody has, and roles that do no tasks. */
function nameFlaws(draft: PipelineDraft, place: Draft["place"], { roles, teams }: KnownToPipelines): Flaw[] {
  const workers = [...roles.values()].filter(({ duty }) => duty === "worker").map(({ id }) => id);
  const named = (what: string, name: string | undefined, known: readonly string[], path: readonly PropertyKey[]): Flaw[] => {
    if (name === undefined || known.includes(name)) return [];
    const meant = nearest(name, known);
    return [{ place: place(path), what: `names ${quote(name)}, ${what}${perhaps(meant)}`, fix: choose(meant, known) }];
  };
  return [
    ...named("an unknown team", draft.team, [...teams.keys()], ["team"]),
    ...draft.phases.flatMap(({ tasks }, p) =>
      tasks.flatMap(({ role, escalate }, t) => [
        ...named("no role that does tasks", role, workers, ["phases", p, "tasks", t, "role"]),
        ...named("no role that does tasks", escalate, workers, ["phases", p, "tasks", t, "escalate"]),
        ...(escalate !== undefined && escalate === role
          ? [{ place: place(["phases", p, "tasks", t, "escalate"]), what: "escalates to its own role", fix: "name another role" }]
          : []),
      ]),
    ),
  ];
}
