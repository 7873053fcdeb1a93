/** OpenCode itself, on loopback alone, with a made-up key. Needs unshare, ip and the network once for the installation. */
import { beforeAll, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

let bin = "";
beforeAll(async () => {
  bin = await installCli("opencode");
});

const facts = async (driver: string): Promise<unknown> => {
  const program = new URL(driver, import.meta.url);
  return (await driveInNamespace(program, [bin], tempDir("opencode"), 300_000)).facts;
};
const usd = (value: number) => expect.closeTo(value, 6);
const cut = { ok: false, error: expect.stringContaining("MessageAbortedError") };

test("[harness.opencode.real] a real session: tools, mail while busy, interrupt, urgent mail, kill in a call, resume, costs per turn", async () => {
  expect(await facts("./opencode-session.ts")).toMatchObject({
    ready: { cliSession: expect.stringMatching(/^ses_/), mcp: "connected", version: "1.18.33" },
    again: true,
    fates: { briefing: "taken", mail: "taken", second: "taken", third: "taken", resumed: "taken" },
    cut: true,
    turns: [
      { ok: true, text: "handed in", usage: { inputTokens: 1000, usd: usd(0.0014), model: "m1" } },
      { ...cut, usage: { inputTokens: 100 } },
      { ...cut, usage: { inputTokens: 0 } },
      { ok: true, text: "asked", usage: { inputTokens: 200, usd: usd(0.00028) } },
      { ok: true, text: "after the kill", usage: { inputTokens: 200, usd: usd(0.00028) } },
      { ok: true, text: "after the clean end", usage: { usd: usd(0.00028) } },
    ],
    // Nothing but a signal ends it.
    exits: { killed: { signal: "SIGKILL" }, ended: { signal: "SIGTERM" } },
    denied: [{ tool: "bash", why: expect.stringContaining("curl") }],
    retries: [
      { problem: { kind: "rate_limit", reset: { at: expect.any(Number) } } },
      { problem: { kind: "overloaded", message: "scripted 500" } },
    ],
    files: ["src/new.txt", "old.txt"],
    cwd: true,
    rolePrompt: true,
    ownPrompt: true,
    strangers: [],
    key: true,
    secrets: { model: [], argv: [], environ: [], shell: [], files: [] },
    shell: ["AGENT", "HOME", "LANG", "PATH", "PWD", "SHLVL", "SKEP_SESSION", "_"],
    home: [],
    git: ["opencode"],
    faults: [],
    noise: [],
  });
});
