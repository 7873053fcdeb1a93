import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Harness } from "../../src/harness/harness.ts";
import { HARNESSES, harnessOf } from "../../src/harness/index.ts";
import { scripted } from "../../src/harness/scripted.ts";
import { orderFor } from "./support/order.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../src/harness");

test("[harness.registry] every adapter in src/harness is listed in index.ts under its id", async () => {
  const found: Harness[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && name !== "index.ts")) {
    const values = Object.values((await import(path.join(FOLDER, file))) as Record<string, unknown>);
    found.push(...values.filter((value): value is Harness => typeof value === "object" && value !== null && "codec" in value));
  }
  expect(found.map(({ id }) => id).sort()).toEqual(Object.keys(HARNESSES).sort());
  for (const [id, harness] of Object.entries(HARNESSES)) expect(harness.id).toBe(id);
});

test("[harness.unknown] an unknown harness is refused with the name that was meant", () => {
  expect(harnessOf("claude")).toBe(HARNESSES.claude);
  expect(() => harnessOf("cluade")).toThrow(expect.objectContaining({ code: "NO_HARNESS", next: "use the harness claude" }));
});

test("[harness.scripted.settings] a scripted session without its playbook is refused by name", () => {
  expect(() => scripted.launch(orderFor({ settings: { playbook: "relative.yaml", state: "/tmp" } }))).toThrow(
    expect.objectContaining({ code: "HARNESS_SETTINGS", message: expect.stringContaining("playbook") }),
  );
});
