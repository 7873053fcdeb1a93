/** What skep relies on where a session of the real Claude Code is cut. Should a later version differ, it is seen here first. */
import { beforeAll, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

let bin = "";
beforeAll(async () => {
  bin = await installCli("claude");
});

test("[clis.claude.edges] a session killed before its first word is unknown to its CLI; steps and money are capped per message and per run", async () => {
  const { facts } = await driveInNamespace(new URL("./claude-edges.ts", import.meta.url), [bin], tempDir("edges"), 240_000);
  const unknown = { exit: { code: 1, stderr: expect.stringContaining("No conversation found") }, types: ["turn_ended"] };
  expect(facts).toMatchObject({
    lost: { ...unknown, fate: "gone" },
    silent: unknown,
    steps: [
      { ok: false, error: expect.stringContaining("max_turns"), usage: { inputTokens: 200 } },
      { ok: false, error: expect.stringContaining("max_turns"), usage: { inputTokens: 200 } },
    ],
    paid: [
      { ok: false, error: expect.stringContaining("budget_exhausted"), usage: { usd: expect.closeTo(0.0032, 5) } },
      { ok: false, error: expect.stringContaining("budget_exhausted"), usage: { usd: 0 } },
      { ok: true, usage: { usd: expect.closeTo(0.0024, 5) } },
    ],
  });
});
