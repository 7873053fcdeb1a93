/** Claude Code itself, on loopback alone, with a made-up key. Needs unshare, ip and the network once for the installation. */
import { beforeAll, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

let bin = "";
beforeAll(async () => {
  bin = await installCli("claude");
});

test("[harness.claude.real] a real session: ready, tools, mail while busy, interrupt, urgent mail, kill, resume, costs per turn", async () => {
  const { facts } = await driveInNamespace(new URL("./claude-session.ts", import.meta.url), [bin], tempDir("claude"), 240_000);
  expect(facts).toMatchObject({
    version: "2.1.329",
    binary: "claude-code-linux-x64",
    ready: { type: "ready", mcp: "connected" },
    fates: { briefing: "taken", mail: "taken", second: "taken", resumed: "taken", urgent: "taken" },
    proof: "receipt",
    cut: true,
    exits: { killed: { signal: "SIGKILL" }, ended: { code: 0 } },
    // Cut, then gone on with; each turn with its own tokens and cost, also on both sides of a kill and of a clean end.
    turns: [
      { ok: true, text: "handed in", usage: { inputTokens: 1300, usd: expect.closeTo(0.0104) } },
      { ok: false, error: expect.stringContaining("aborted_tools"), usage: { inputTokens: 200 } },
      { ok: true, text: "asked", usage: { inputTokens: 200, usd: expect.closeTo(0.0016, 5) } },
      { ok: true, text: "after the kill", usage: { inputTokens: 200, usd: expect.closeTo(0.0016, 5) } },
      { ok: true, text: "after the clean end", usage: { inputTokens: 200, usd: expect.closeTo(0.0016, 5) } },
      // Cut in its tool call by an urgent message, which is the next turn; the CLI calls that no error.
      { ok: true, text: "" },
      { ok: true, text: "after the urgent message" },
    ],
    denied: [{ tool: "Bash" }, ...Array(3).fill({ tool: "Write", why: expect.stringContaining("denied by your permission settings") })],
    retries: 1,
    notReady: { type: "ready", mcp: "failed" },
    files: ["src/new.txt", "old.txt"],
    strangers: [],
    memory: false,
    rolePrompt: true,
    tokenInModel: false,
    faults: [],
    noise: [],
  });
  // The tool call it was cut in would have taken half a minute.
  expect((facts as { urgentMs: number }).urgentMs).toBeLessThan(10_000);
});
