/** Facts refer to prose; whoever renders them reads it first. Keeps rendering pure and reading in one place. */
import type { Prose } from "./model.ts";

/** The text behind a `Prose`. Throws on one that was not read beforehand: a bug, never a quiet gap in a prompt. */
export type Texts = (prose: Prose) => string;

/** Hashes of every artifact that `facts` refers to, however deep. Inline prose needs no reading. */
export function artifactsIn(facts: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(facts)) for (const item of facts) artifactsIn(item, found);
  else if (isArtifact(facts)) found.add(facts.artifact);
  else if (facts !== null && typeof facts === "object") for (const value of Object.values(facts)) artifactsIn(value, found);
  return found;
}

function isArtifact(value: unknown): value is Exclude<Prose, string> {
  return value !== null && typeof value === "object" && "artifact" in value && typeof value.artifact === "string" && "bytes" in value;
}

export function textsFrom(read: ReadonlyMap<string, string>): Texts {
  return (prose) => {
    if (typeof prose === "string") return prose;
    const text = read.get(prose.artifact);
    if (text === undefined) throw new Error(`artifact ${prose.artifact} was not read before rendering`);
    return text;
  };
}

/** Reads what `facts` refers to, each artifact once. */
export async function readTexts(facts: unknown, read: (prose: Prose) => Promise<string>): Promise<Texts> {
  const hashes = [...artifactsIn(facts)];
  const texts = await Promise.all(hashes.map((artifact) => read({ artifact, bytes: 0 })));
  return textsFrom(new Map(hashes.map((hash, index) => [hash, texts[index] ?? ""])));
}

/** JSON kept as prose; null when it is none, e.g. written by another version. */
export function parsed(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // callers fall back to showing the text itself as data
  }
}
