/**
 * A playbook from its file. JSON is YAML too, but reading it needs no YAML reader: a swarm starts dozens of agents, and each
 * reads the whole playbook.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describeError, quote, SkepError } from "../base/errors.ts";
import { PLAYBOOK_CODE, type Playbook, toPlaybook } from "./playbook-schema.ts";

/** Throws PLAYBOOK_INVALID. */
export async function readPlaybook(file: string): Promise<Playbook> {
  const text = await readFile(file, "utf8");
  const name = path.basename(file);
  if (name.endsWith(".json")) return toPlaybook(fromJson(text, name), name);
  const { parsePlaybook } = await import("./playbook.ts");
  return parsePlaybook(text, name);
}

function fromJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SkepError(PLAYBOOK_CODE, `${name}: ${quote(describeError(error))}`, `correct ${name} there`);
  }
}
