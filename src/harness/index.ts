/** Every agent CLI skep knows: one file and one line each. */
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { acp } from "./acp.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { command } from "./command.ts";
import { gemini } from "./gemini.ts";
import type { Harness } from "./harness.ts";
import { opencode } from "./opencode.ts";
import { scripted } from "./scripted.ts";

export const HARNESSES = { acp, claude, codex, command, gemini, opencode, scripted } as const satisfies Readonly<Record<string, Harness>>;
export type HarnessId = keyof typeof HARNESSES;

export const harnessIds = Object.keys(HARNESSES) as readonly HarnessId[];

/** Throws NO_HARNESS with the names there are. */
export function harnessOf(id: string): Harness {
  const found = harnessIds.find((known) => known === id);
  if (found) return HARNESSES[found];
  const meant = nearest(id, harnessIds);
  const next = meant ? `use the harness ${meant}` : `use one of ${harnessIds.join(", ")}`;
  throw new SkepError("NO_HARNESS", `there is no harness ${quote(id)}; known are ${harnessIds.join(", ")}`, next);
}
