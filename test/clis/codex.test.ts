/** Codex itself, on loopback alone, with made-up keys. Needs unshare, ip and the network once for the installation. */
import { beforeAll, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

let bin = "";
beforeAll(async () => {
  bin = await installCli("codex");
});

test("[harness.codex.real] a real session: tools, mail while busy, interrupt, kill, resume, tokens per turn, a sandbox that holds", async () => {
  const { facts } = await driveInNamespace(new URL("./codex-session.ts", import.meta.url), [bin], tempDir("codex"), 240_000);
  const turn = { usage: { inputTokens: 200, outputTokens: 40, cachedTokens: 0, usd: null, model: "a-model" } };
  expect(facts).toMatchObject({
    version: "0.169.0",
    native: expect.stringMatching(/^@openai\/codex-/),
    ready: { mcp: "connected", ours: false, again: true },
    fates: { briefing: "taken", mail: "taken", second: "taken", resumed: "taken" },
    ...{ cut: true, cutFast: true, spoken: 17, exits: { killed: { signal: "SIGKILL" }, ended: { code: 0 } } },
    // Cut, then gone on with; each turn with its own tokens, also on both sides of a kill and of a clean end.
    turns: [
      { ok: true, text: "handed in", usage: { inputTokens: 1700, outputTokens: 340 } },
      { ok: false, error: "interrupted", ...turn },
      { ok: true, text: "asked", ...turn },
      { ok: true, text: "after the kill", ...turn },
      { ok: true, text: "after the clean end", ...turn },
    ],
    notReady: { type: "ready", mcp: "failed" },
    retries: [{ problem: { kind: "overloaded" } }],
    results: [{ ok: true, text: expect.stringContaining("accepted attempt 1") }],
    tokensUsed: [0, 1, 2],
    // The sandbox: edits and a commit inside, nothing outside.
    ...{ files: ["src/new.txt", "old.txt"], commits: 1, branches: ["main", "skep-work/s-test/t1/1"], escaped: [] },
    // Nothing of the user's or the project's was read, run or written.
    ...{ strangers: [], words: [], usersFolder: true, signIn: { linked: true }, modes: ["700", "600"], rolePrompt: true },
    token: { model: 0, shell: 0, argv: 0, environ: [true, 0], files: [] },
    ...{ keyInShell: false, faults: [], noise: [] },
  });
  const { offered } = facts as { offered: readonly string[] };
  expect(offered).toEqual(expect.arrayContaining(["exec_command", "mcp__skep__whoami"]));
  expect(offered.filter((tool) => /agent|goal|memor|web_search|sleep|image_gen/.test(tool))).toEqual([]);
});

test("[harness.codex.edges] other presets, an urgent message, a message dropped with its turn, refusals of the provider, a lost thread, a key by stdin", async () => {
  const { facts } = await driveInNamespace(new URL("./codex-edges.ts", import.meta.url), [bin], tempDir("edges"), 240_000);
  const { resetsAt } = facts as { resetsAt: number };
  expect(facts).toMatchObject({
    full: { turn: { ok: true, text: "done" }, outside: true, removed: true, trusts: false, keyInShell: false },
    look: { turn: { ok: true, text: "looked" }, wrote: false },
    cut: {
      urgent: "taken",
      fast: true,
      turns: [
        { ok: false, error: "interrupted" },
        { ok: true, text: "handled" },
      ],
    },
    drop: { letter: "taken", turns: [{ ok: false }, { ok: true, text: "went on" }], copies: 1 },
    problems: {
      quota: { ok: false, kind: "quota", reset: { at: resetsAt } },
      spent: { ok: false, kind: "quota", reset: null },
      auth: { ok: false, kind: "auth" },
      model: { ok: false, kind: "model" },
      full: { ok: false, kind: "context_full" },
      wrong: { ok: false, kind: "request" },
      busy: { ok: false, kind: "overloaded" },
    },
    well: { ok: true, text: "well" },
    lost: { problem: { message: expect.stringContaining("no rollout found") }, ready: false },
    keyed: { turn: { ok: true, text: "well" }, used: true, environ: false, file: false },
    unreachable: { kind: "network" },
    ...{ strangers: [], faults: [] },
  });
});
