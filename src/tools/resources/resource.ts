/**
 * What a resource is: plain data and one reader, with no protocol in it. Its address is a template whose variables are ids;
 * an address that holds anything else is nobody's, so nothing unchecked ever meets a path.
 */
import { SkepError } from "../../base/errors.ts";
import { ID, type SeatId, type SwarmId, type TaskId } from "../../base/ids.ts";
import { cutBytes } from "../../domain/foreign.ts";
import type { State } from "../../domain/model.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { SwarmCall } from "../swarm-call.ts";

/** The ids of an address, by variable. One that a template does not name is never read from it. */
export interface At {
  readonly swarm: SwarmId;
  readonly task: TaskId;
  readonly agent: SeatId;
}
export type Variable = keyof At;

/** How a change is noticed. Both answer with something that differs after a change worth telling, null: there is no such thing. */
export type Changes =
  /** By every commit of the swarm's log. */
  | { readonly in: "log"; mark(state: Readonly<State>, at: At): string | null }
  /** By every move of a letter. */
  | { readonly in: "mail"; mark(swarm: SwarmHandle): Promise<string | null> };

export interface ResourceSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** `skep://swarms/{swarm}/tasks/{task}` */
  readonly template: string;
  readonly mimeType: "application/json" | "application/x-ndjson" | "text/markdown" | "text/plain";
  readonly changes: Changes;
  read(call: SwarmCall, at: At): Promise<string>;
}

/** Of one answer: what a client can hold without choking. */
export const MOST_BYTES = 48 * 1024;

/** At most what a client can take, with the call that shows the rest. */
export function bounded(text: string, rest: string): string {
  const cut = cutBytes(text, MOST_BYTES);
  return cut.length === text.length ? text : `${cut.trimEnd()}\n[cut at ${MOST_BYTES} bytes. Next: ${rest}]\n`;
}

export const noSuch = (what: string, next: string): SkepError => new SkepError("NOT_FOUND", `there is no ${what}`, next);

/** Ids by variable when `uri` is an address of the template, else null. */
export function addressed({ template }: Pick<ResourceSpec, "template">, uri: string): At | null {
  const wanted = template.split("/");
  const given = uri.split("/");
  if (wanted.length !== given.length) return null;
  const at: Partial<Record<string, string>> = {};
  for (const [index, part] of wanted.entries()) {
    const variable = /^\{(\w+)\}$/.exec(part)?.[1];
    const text = given[index] ?? "";
    if (variable === undefined ? text !== part : !ID.test(text)) return null;
    if (variable !== undefined) at[variable] = text;
  }
  return at as unknown as At;
}

export const addressOf = ({ template }: Pick<ResourceSpec, "template">, at: Partial<At>): string =>
  template.replace(/\{(\w+)\}/g, (whole, variable: Variable) => at[variable] ?? whole);
