/** Real agents over ACP, on loopback alone, with made-up keys: Gemini CLI, and OpenCode as an agent that only config names. */
import path from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

test("[harness.gemini.real] a real Gemini session: tools, denials, mail held, a cut turn, typed failures, kill, resume, token", async () => {
  const bin = await installCli("gemini");
  const { facts } = await driveInNamespace(new URL("./gemini-session.ts", import.meta.url), [bin], tempDir("gemini"), 240_000);
  const tokens = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens, usd: null, model: "gemini-2.5-flash" });
  expect(facts).toMatchObject({
    version: "0.61.0",
    ready: { mcp: "unknown", version: "0.61.0" },
    fates: { briefing: "taken", mail: "taken", asked: "taken", urgent: "taken", resumed: "taken" },
    turns: [
      { ok: true, text: "handed in", usage: tokens(1100, 220) },
      { ok: true, text: "read the mail", usage: tokens(200, 40) },
      { ok: false, error: expect.stringContaining("cancelled") },
      { ok: true, text: "asked", usage: tokens(200, 40) },
      { ok: false, problem: { kind: "rate_limit" } },
      { ok: false, problem: { kind: "auth", message: "API key not valid" } },
      { ok: true, text: "after the kill", usage: tokens(200, 40) },
    ],
    exits: { killed: { signal: "SIGKILL" }, ended: { code: 0 } },
    resumedHistory: true,
    broken: { problem: { kind: "request", message: expect.stringContaining("Invalid session identifier") } },
    denied: [{ why: expect.stringContaining("denied by policy") }, { tool: "curl http://127.0.0.1/" }, { tool: "head /etc/hostname" }],
    // A file outside, written by an option of a reading command, is not among them.
    files: ["src/new.txt", "old.txt"],
    ...{
      strangers: [],
      userSettings: true,
      userFiles: ["GEMINI.md", "agents", "settings.json"],
      rolePrompt: true,
      noise: [],
      faults: [],
      other: [],
    },
    // The project's GEMINI.md is read whatever the settings say; the user's is not.
    memory: ["PROJECT"],
    hunt: { model: 0, argv: 0, environ: 0, files: [] },
  });
  const { cutMs, calls, offered, shellEnv, hunt } = facts as Facts;
  expect(cutMs).toBeLessThan(5_000);
  expect(calls.at(-1)).toBe("whoami 1");
  expect(offered.filter((tool) => /agent|web|fetch|todo|plan|ask_user|memory|skill|tracker/.test(tool))).toEqual([]);
  expect(shellEnv).toMatch(/^SKEP_SESSION=/m);
  expect(shellEnv).not.toMatch(/made-up-key|FROM_DOTENV/);
  expect(hunt.looked.environ).toBeGreaterThan(0);
});

test("[harness.acp.real] an agent that only config names, OpenCode's own ACP mode, works through the generic adapter", async () => {
  const bin = await installCli("opencode");
  const native = path.join(bin, `../opencode-${process.platform}-${process.arch}/bin`);
  const { facts } = await driveInNamespace(new URL("./acp-session.ts", import.meta.url), [native], tempDir("acp"), 240_000);
  expect(facts).toMatchObject({
    ready: { mcp: "unknown", version: "1.18.33" },
    fate: "taken",
    tools: ["skep_whoami", "skep_task_claim", "write", "bash", "bash"],
    denied: [{ tool: "curl http://127.0.0.1/" }],
    // This agent ends its turn where a call is refused.
    turn: { ok: true, text: "" },
    again: { ok: true, text: "handed in" },
    calls: ["whoami", "task_claim", "task_submit"],
    ...{ exit: null, files: true, rolePrompt: true, history: true, noise: [], tokenInModel: false, faults: [] },
  });
});

interface Facts {
  readonly cutMs: number;
  readonly calls: readonly string[];
  readonly offered: readonly string[];
  readonly shellEnv: string;
  readonly hunt: { readonly looked: { readonly environ: number } };
}
