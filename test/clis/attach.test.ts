/** A session of the real Claude Code in a person's hands and back, its transcript, and what stands in it. */
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

let bin = "";
beforeAll(async () => {
  bin = await installCli("claude");
});

interface Facts {
  readonly started: readonly { readonly run: number; readonly cli: string }[];
  readonly handed: { readonly argv: readonly string[] };
  readonly logs: string;
  readonly remembered: number;
}

test("[clis.claude.attach] the printed command goes on in the session; given back, the worker knows of it and ends its attempt", async () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const { facts } = await driveInNamespace(new URL("./attach-drive.ts", import.meta.url), [bin, root], tempDir("attach"), 200_000);
  expect(facts).toMatchObject({
    doctor: { mark: "ok" },
    handed: { code: 0 },
    person: { code: 0 },
    back: 0,
    run: { code: 0, out: expect.stringContaining("t1  Write a file: merged") },
    ...{ leaks: [], faults: [] },
  });
  const { started, handed, logs, remembered } = facts as Facts;
  expect(started.map(({ run }) => run)).toEqual([1, 2]);
  expect(handed.argv.slice(0, 2)).toEqual(["--resume", started[0]?.cli]);
  expect(started[1]?.cli).toBe(started[0]?.cli);
  expect(remembered).toBeGreaterThan(0);
  expect(logs).toMatch(/calls Bash \{"command":"env"[^\n]*\n[^\n]* Bash answers: [^\n]*ANTHROPIC_API_KEY=\[redacted\]/);
  expect(logs).toMatch(/calls mcp__skep__task_submit[^\n]*\n[^\n]*mcp__skep__task_submit answers/);
});
