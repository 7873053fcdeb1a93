/** Where a text is kept: beside the event when it is short, else by content in the artifacts. */
import type { Prose } from "../domain/model.ts";
import type { Artifacts } from "../store/ports.ts";

/** Longer text would make every fold of the log carry it. */
const INLINE_BYTES = 200;

export async function keepProse(artifacts: Artifacts, text: string): Promise<Prose> {
  const bytes = Buffer.byteLength(text);
  return bytes <= INLINE_BYTES ? text : { artifact: await artifacts.put(text), bytes };
}

export async function readProse(artifacts: Artifacts, prose: Prose): Promise<string> {
  return typeof prose === "string" ? prose : await artifacts.get(prose.artifact);
}
