/** `--set phase.task.field=value`: what a person changes in one run. A value given so is data: nothing in it is filled in. */
import type { z } from "zod";
import { nearest } from "../base/nearest.ts";
import { type Flaw, perhaps } from "./pipeline-flaws.ts";
import { pipelineSchema, taskSchema } from "./pipeline-schema.ts";

/** Path → value: JSON data, or text as a command line has it. */
export type Overrides = Readonly<Record<string, unknown>>;

/** Names of the plan stay: others refer to them. */
const FIELDS = Object.keys(taskSchema.shape).filter((name) => name !== "id");
const BUDGET = ["usd", "tokens", "turns", "minutes"];

interface Place {
  readonly path: readonly PropertyKey[];
  readonly schema: z.ZodType;
}

/** Changes the filled tree. Answers where each override landed, and what could not be set. */
export function applySets(
  tree: unknown,
  sets: Overrides,
): { readonly set: readonly { path: readonly PropertyKey[]; name: string }[]; readonly flaws: readonly Flaw[] } {
  const places = settable(tree);
  const set: { path: readonly PropertyKey[]; name: string }[] = [];
  const flaws: Flaw[] = [];
  for (const [name, given] of Object.entries(sets)) {
    const place = `set ${name}`;
    const found = places.get(name);
    if (!found) {
      const meant = nearest(name, places.keys());
      const fix = meant ? `write ${meant}` : "name phase.task.field, as pipeline_preview shows them";
      flaws.push({ place, what: `is no field of this pipeline${perhaps(meant)}`, fix });
      continue;
    }
    const readings = typeof given === "string" ? textReadings(given) : [given];
    const reading = readings.map((one) => found.schema.safeParse(one)).find(({ success }) => success);
    if (reading) {
      put(tree, found.path, reading.data);
      set.push({ path: found.path, name: place });
    } else {
      const why = found.schema.safeParse(readings.at(-1)).error?.issues[0]?.message ?? "it does not fit";
      flaws.push({
        place,
        what: `does not fit: ${why.replace(/^Invalid (input|option): /, "")}`,
        fix: "give it a value of the field's type",
      });
    }
  }
  return { set, flaws };
}

/** What a text may mean: itself, JSON, a list by commas. The first that the field takes is meant. */
function textReadings(text: string): readonly unknown[] {
  const list = text.split(",").flatMap((item) => item.trim() || []);
  try {
    return [text, JSON.parse(text), list];
  } catch {
    return [text, list];
  }
}

function settable(tree: unknown): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>([["policy", { path: ["policy"], schema: pipelineSchema.shape.policy }]]);
  for (const [p, phase] of entries(tree, "phases"))
    for (const [t, task] of entries(phase, "tasks")) {
      const path = ["phases", p, "tasks", t];
      const name = `${idOf(phase)}.${idOf(task)}`;
      for (const field of FIELDS) {
        const schema = taskSchema.shape[field as keyof typeof taskSchema.shape];
        places.set(`${name}.${field}`, { path: [...path, field], schema });
      }
      const cap = (key: string) => taskSchema.shape.budget.unwrap().shape[key as "usd"];
      for (const key of BUDGET) places.set(`${name}.budget.${key}`, { path: [...path, "budget", key], schema: cap(key) });
    }
  return places;
}

function entries(value: unknown, key: string): readonly (readonly [number, unknown])[] {
  const list = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : null;
  return Array.isArray(list) ? [...list.entries()] : [];
}

const idOf = (value: unknown): string => String(typeof value === "object" && value !== null && "id" in value ? value.id : "");

/** The path was made by `settable`: only a budget may have to come into being. */
function put(tree: unknown, path: readonly PropertyKey[], value: unknown): void {
  let at = tree as Record<PropertyKey, unknown>;
  for (const step of path.slice(0, -1)) {
    if (typeof at[step] !== "object" || at[step] === null) at[step] = {};
    at = at[step] as Record<PropertyKey, unknown>;
  }
  at[path.at(-1) as PropertyKey] = value;
}
