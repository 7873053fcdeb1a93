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
  for (const [settings, name] of [
    [{ state: "/tmp" }, "playbook"],
    [{ playbook: "agents.yaml", state: "relative" }, "state"],
  ] as const)
    expect(() => scripted.launch(orderFor({ settings }))).toThrow(
      expect.objectContaining({ code: "HARNESS_SETTINGS", message: expect.stringContaining(name) }),
    );
});

test("[harness.scripted.settings] a playbook of the repository is read where the session works, and what it did is kept in its own folder", () => {
  const order = orderFor({ settings: { playbook: "agents.yaml" } });
  expect(JSON.parse(scripted.launch(order).stdin[0] ?? "")).toMatchObject({ playbook: `${order.cwd}/agents.yaml`, state: order.home });
});
