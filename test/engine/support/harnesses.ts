import type { Harnesses } from "../../../src/engine/settings.ts";

export const HARNESSES: Harnesses = new Map(
  [
    { id: "claude", provider: "anthropic" },
    { id: "scripted", provider: "none" },
  ].map((harness) => [harness.id, harness]),
);
