/** One swarm on three real CLIs at once: all well, and with a killed session, a used-up provider, one that fails for ever, and a denied tool. */
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

let bins: readonly string[] = [];
beforeAll(async () => {
  bins = [await installCli("claude"), await installCli("codex"), await installCli("opencode")];
});

interface Facts {
  readonly seats: readonly {
    readonly seat: string;
    readonly harness: string;
    readonly turns: number;
    readonly tokens: number;
    readonly usd: number;
  }[];
  readonly turns: readonly { readonly ok: boolean; readonly inputTokens: number }[];
  readonly limited: readonly { readonly provider: string; readonly kind: string; readonly at: number; readonly pausedFor: number }[];
  readonly byApi: Readonly<Record<string, number>>;
  readonly refused: { readonly responses: number; readonly chat: number };
  readonly hunt: { readonly tokens: number };
  readonly sessions: readonly { readonly session: string; readonly seat: string }[];
  readonly turnsBegun: readonly { readonly session: string; readonly at: number }[];
}
async function driven(mode: "plain" | "faults"): Promise<Facts> {
  const root = path.resolve(import.meta.dirname, "../..");
  const { facts } = await driveInNamespace(new URL("./mixed-drive.ts", import.meta.url), [...bins, root, mode], tempDir("mixed"), 500_000);
  if (process.env.SKEP_SHOW_FACTS) process.stderr.write(`${JSON.stringify(facts, null, 1)}\n`);
  return facts as Facts;
}
const LANDED = {
  run: { code: 0 },
  git: { branch: "main", status: "", log: expect.arrayContaining(["Write sum", "Write greet", "Write both"]) },
};
/** Tokens stand nowhere but in the memory of their two ends, and nothing tried to leave loopback. */
const CLEAN = { strayed: 0, faults: [], hunt: { control: 1, model: 0, argv: 0, environ: 0, files: [] } };

test("[clis.mixed] Claude Code, Codex and OpenCode work in one swarm, from a goal to a landed branch", async () => {
  const facts = await driven("plain");
  expect(facts).toMatchObject({ ...LANDED, ...CLEAN, failed: [], gates: [], limited: [], routed: [], resets: [] });
  expect(facts).toMatchObject({ denied: [{ tool: "Bash" }] });
  // Each API was spoken by its CLI, and each seat's turns were counted; where a CLI tells no price and none is known, tokens are.
  for (const api of ["/v1/messages", "/v1/responses", "/chat/completions"]) expect(facts.byApi[api] ?? 0).toBeGreaterThan(3);
  for (const { turns, tokens } of facts.seats) expect([turns > 0, tokens > 0]).toEqual([true, true]);
  expect(facts.turns.every(({ ok, inputTokens }) => ok && inputTokens > 0)).toBe(true);
}, 520_000);

test("[clis.mixed.faults] a killed session, a provider used up until a time, one that fails for ever and a denied tool cost no work", async () => {
  const facts = await driven("faults");
  expect(facts).toMatchObject({ ...LANDED, ...CLEAN, failed: [], gates: [] });
  // Used up: Codex's provider rested until the time it named, and its reviews were then done by it.
  const quota = facts.limited.find(({ kind }) => kind === "quota");
  expect(quota).toMatchObject({ provider: "lab" });
  const reviewer = facts.sessions.filter(({ seat }) => seat === "reviewer").map(({ session }) => session);
  const early = facts.turnsBegun.filter(
    ({ session, at }) => reviewer.includes(session) && quota && at > quota.at && at < quota.at + quota.pausedFor,
  );
  expect(early).toEqual([]);
  expect(facts.byApi["/v1/responses"] ?? 0).toBeGreaterThan(3);
  // Failing for ever: the task went to Claude Code in the same attempt, on record as a downgrade.
  expect(facts).toMatchObject({
    routed: expect.arrayContaining([expect.objectContaining({ seat: "dev-1", harness: "claude", downgrade: true })]),
    byApi: expect.not.objectContaining({ "/chat/completions": expect.anything() }),
  });
  expect(facts.refused.chat).toBeGreaterThan(0);
  expect(facts).toMatchObject({ denied: expect.arrayContaining([expect.objectContaining({ tool: "Bash" })]) });
  // Killed: another attempt did the same task.
  expect(facts).toMatchObject({
    attempts: expect.arrayContaining([
      expect.objectContaining({ task: "t1", attempt: 1, result: "lapsed" }),
      expect.objectContaining({ task: "t1", attempt: 2, result: "merged" }),
      expect.objectContaining({ task: "t2", attempt: 1, result: "merged" }),
    ]),
  });
}, 520_000);
