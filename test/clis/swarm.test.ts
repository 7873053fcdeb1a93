/** A whole swarm on the real Claude Code: queen, reviewer and workers, from a goal to a landed branch, on loopback alone. */
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
  readonly sessionsAtKill: readonly { readonly id: string; readonly seat: string; readonly cli: string; readonly turn: string }[];
  readonly started: readonly { readonly session: string; readonly run: number; readonly cli: string }[];
  readonly turns: readonly { readonly ok: boolean; readonly usd: number }[];
  readonly spent: { readonly usd: number };
  readonly requests: number;
  readonly mailRequests: number;
  readonly resumedRequests: number;
  readonly shellEnv: string;
  readonly hunt: { readonly tokens: number; readonly looked: { readonly environ: number } };
}

test("[clis.claude.swarm] real Claude sessions take a goal to a landed branch, past a failed check, mail and a killed host", async () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const driven = await driveInNamespace(new URL("./swarm-drive.ts", import.meta.url), [bin, root], tempDir("swarm"), 500_000);
  const facts = driven.facts as Facts;
  expect(facts).toMatchObject({
    run: { code: 0 },
    git: { branch: "main", status: "", log: expect.arrayContaining(["Write sum", "Write greet", "Write both"]) },
    attempts: expect.arrayContaining([
      expect.objectContaining({ task: "t1", attempt: 1, result: "checks_failed" }),
      expect.objectContaining({ task: "t1", attempt: 2, result: "merged" }),
      expect.objectContaining({ task: "t2", attempt: 1, result: "merged" }),
      expect.objectContaining({ task: "t3", attempt: 1, result: "merged" }),
    ]),
    denied: [{ tool: "Bash" }],
    ...{ resets: [], failed: [], gates: [], faults: [] },
  });

  // Mail reached a worker within the turn it was working in.
  expect(facts).toMatchObject({ sent: { code: 0 }, turnsOfMailed: 1 });
  expect(facts.mailRequests).toBeGreaterThan(0);

  // Each session of the killed host went on under its CLI session id, a busy one among them, with its history.
  expect(facts.sessionsAtKill.map(({ turn }) => turn)).toContain("running");
  for (const { id, cli } of facts.sessionsAtKill)
    expect(facts.started.filter(({ session }) => session === id)).toMatchObject([
      { run: 1, cli },
      { run: 2, cli },
    ]);
  expect(facts.resumedRequests).toBeGreaterThan(0);

  // Every turn has its price, and the swarm's sum is theirs. What a killed turn had cost nobody told.
  expect(facts.turns.every(({ ok, usd }) => ok && usd > 0)).toBe(true);
  expect(facts.spent.usd).toBeCloseTo(facts.turns.reduce((sum, { usd }) => sum + usd, 0));
  expect(facts.requests * PRICE - facts.spent.usd).toBeLessThan(10 * PRICE);

  // Nothing tried to leave loopback; tokens stand nowhere but in the memory of their two ends.
  expect(facts).toMatchObject({ strayed: 0, other: [], hunt: { control: 1, model: 0, argv: 0, environ: 0, files: [] } });
  expect(facts.hunt.tokens).toBe(facts.started.length);
  expect(facts.hunt.looked.environ).toBeGreaterThan(5);
  expect(facts.shellEnv).toMatch(/^SKEP_SESSION=/m);
});

/** Of one answer of the scripted model: 100 tokens in, 20 out. */
const PRICE = 0.0008;
