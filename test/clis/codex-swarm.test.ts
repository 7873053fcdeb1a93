/** A whole swarm on the real Codex: queen, reviewer and workers, from a goal to a landed branch, on loopback alone. */
import path from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

interface Facts {
  readonly sessionsAtKill: readonly { readonly id: string; readonly cli: string; readonly turn: string }[];
  readonly started: readonly { readonly session: string; readonly run: number; readonly cli: string }[];
  readonly turns: readonly { readonly ok: boolean; readonly inputTokens: number; readonly outputTokens: number }[];
  readonly spent: { readonly tokens: number };
  readonly mailRequests: number;
  readonly resumedRequests: number;
  readonly shellEnv: string;
  readonly hunt: { readonly tokens: number };
}

test("[clis.codex.swarm] real Codex sessions take a goal to a landed branch, past a failed check, mail and a killed host", async () => {
  const [bin, root] = [await installCli("codex"), path.resolve(import.meta.dirname, "../..")];
  const driven = await driveInNamespace(new URL("./swarm-drive.ts", import.meta.url), [bin, root, "codex"], tempDir("swarm"), 500_000);
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
    ...{ resets: [], failed: [], gates: [], faults: [] },
    ...{ sent: { code: 0 }, turnsOfMailed: 1 },
  });
  expect(facts.mailRequests).toBeGreaterThan(0);

  // Each session of the killed host went on in its thread, whose name is Codex's own, a busy one among them.
  expect(facts.sessionsAtKill.map(({ turn }) => turn)).toContain("running");
  for (const { id, cli } of facts.sessionsAtKill)
    expect(facts.started.findLast(({ session }) => session === id)).toMatchObject({ run: 2, cli });
  expect(facts.resumedRequests).toBeGreaterThan(0);

  expect(facts.turns.every(({ ok, inputTokens }) => ok && inputTokens > 0)).toBe(true);
  expect(facts.spent.tokens).toBe(facts.turns.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0));

  expect(facts).toMatchObject({ strayed: 0, other: [], hunt: { control: 1, model: 0, argv: 0, environ: 0, files: [] } });
  expect(facts.hunt.tokens).toBe(facts.started.length);
  expect(facts.shellEnv).toMatch(/^SKEP_SESSION=/m);
  expect(facts.shellEnv).not.toContain("made-up-key");
});
