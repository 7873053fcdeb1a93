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

test("[clis.opencode.edges] what skep relies on where a session is cut or refused: unknown sessions, errors by kind, waits, odd places, the sign-in, plugins", async () => {
  expect(await facts("./opencode-edges.ts")).toMatchObject({
    lost: { broken: { problem: { kind: "request", message: expect.stringContaining("404") } }, fate: "gone", ready: 0 },
    notReady: { mcp: "failed" },
    noKey: { ok: false, problem: { kind: "auth" } },
    // A full context is summed up by the CLI itself, and the turn goes on with its role.
    tooLong: { ok: true, text: "first" },
    compacted: true,
    quota: { problem: { kind: "quota", reset: { at: expect.any(Number) } } },
    quotaIn: expect.closeTo(3_600_000, -5),
    cutTurn: cut,
    works: { ok: true, text: "second" },
    unknown: { ok: false, problem: { kind: "model" } },
    exported: true,
    odd: { text: "first", made: true, key: true },
    signIn: true,
    // Should a later version leave them alone, `ran` says so, and the refusal can go.
    plugins: { refusal: expect.stringContaining("OpenCode plugins"), ran: true },
    faults: [],
  });
});

test("[clis.opencode.presets] each preset lets the real OpenCode do what it says, and nothing else, in a linked worktree", async () => {
  const { guarded, full, ...rest } = (await facts("./opencode-matrix.ts")) as Record<string, Tried>;
  const readOnly = rest["read-only"];
  const done = ({ table }: Tried): string[] => Object.keys(table).filter((name) => table[name] === "ok");
  const reading = ["read inside", "cat inside", "npm test", "git status", "git diff"];
  const waiting = ["mcp", "mcp again", "mcp a third time", "mcp a fourth time"];
  expect(done(readOnly as Tried)).toEqual([...reading, ...waiting]);
  expect(done(guarded as Tried)).toEqual(["write inside", ...reading, "git add", "git commit", ...waiting]);
  const all = { ok: true, text: "all tried" };
  expect([readOnly, guarded, full]).toMatchObject([all, all, all]);
  for (const preset of [readOnly, guarded, full])
    expect(preset?.offered.filter((tool) => /^(task|todo|question|skill|plan)/.test(tool))).toEqual([]);
  expect(readOnly?.offered).toEqual(["bash", "glob", "grep", "read", "skep_whoami"]);
  const { "read-only wrote": wrote, leaked, outside, gitFile, commit } = rest;
  expect({ wrote, leaked, outside, gitFile, commit }).toEqual({
    ...{ wrote: false, leaked: [], outside: "SECRET OUTSIDE\n", gitFile: true, commit: "try" },
  });
});

interface Tried {
  readonly table: Readonly<Record<string, string>>;
  readonly offered: readonly string[];
}
