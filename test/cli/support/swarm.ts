/** Swarms for command tests: one that waits at a gate without any host, and a scripted one that a real host runs. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "../../../src/domain/commands.ts";
import type { SwarmHandle } from "../../../src/engine/api.ts";
import { lease } from "../../engine/support/born.ts";
import { projectAt } from "../../engine/support/repository.ts";
import type { TestRepo } from "../../support/repo.ts";
import { tempDir } from "../../support/temp.ts";

/** A swarm whose base could not be opened six times: gate g1 asks whether to retry or to stop. No process runs for it. */
export async function swarmAtGate(repo: TestRepo, goal = "Tidy the notes"): Promise<string> {
  const project = await projectAt(repo.root);
  const { handle } = await project.create({ goal, team: "solo", flags: { "harness.default": "scripted" } });
  await take(handle);
  const fail: Command = { type: "fail_effect", key: "open_swarm", error: "the disk is full" };
  for (let n = 0; n < 6; n++) await handle.submit(fail, { kind: "engine", epoch: 1 });
  const { id } = handle;
  await project.close();
  return id;
}

async function take(handle: SwarmHandle): Promise<void> {
  const answer = await handle.submit(lease(0), { kind: "engine", epoch: 0 });
  if (!answer.ok) throw new Error(answer.refusal.message);
}

/** Makes the repository's agents scripted ones that follow `playbook`. */
export function script(repo: TestRepo, playbook: string): void {
  const folder = tempDir("script");
  writeFileSync(path.join(folder, "playbook.yaml"), playbook);
  const settings = { playbook: path.join(folder, "playbook.yaml"), state: path.join(folder, "agents") };
  repo.commit({
    ".skep/config.yaml": JSON.stringify({
      worktree: { setup: [], root: path.join(folder, "worktrees") },
      checks: { commands: [] },
      harness: { default: "scripted", adapters: { scripted: { settings } } },
    }),
  });
}
