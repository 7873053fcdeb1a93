/** More is kept of ended swarms than has room: what says so, what would go, and what goes on a yes. */
import { existsSync, readdirSync, utimesSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { SwarmHandle } from "../../src/engine/api.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { transcriptFolder } from "../../src/engine/transcript/writer.ts";
import { worktreePlace } from "../../src/engine/worktree-places.ts";
import { storeLayout } from "../../src/store/file/layout.ts";
import { skep } from "../cli/support/skep.ts";
import { engine, lease } from "../engine/support/born.ts";
import { projectAt, repository, runGit, write } from "../engine/support/repository.ts";
import { tempDir } from "../support/temp.ts";

async function endedSwarm(project: StoredProject, goal: string): Promise<SwarmHandle> {
  const { handle } = await project.create({ goal, team: "solo", flags: { "harness.default": "scripted" } });
  await handle.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  await handle.submit(lease(0), engine(0));
  await handle.submit({ type: "record_closed" }, engine(1));
  return handle;
}

test("[retention.said][retention.dry] over the room doctor says so, gc shows what each step would take, takes it on a yes alone, and leaves unlanded work", async () => {
  const worktrees = tempDir("worktrees");
  const root = repository({ ".skep/config.yaml": `retention: { diskMb: 1 }\nworktree: { root: ${JSON.stringify(worktrees)} }\n` });
  const project = await projectAt(root);
  const [done, half] = [await endedSwarm(project, "Add a parser"), await endedSwarm(project, "Half a printer")];
  runGit(root, "branch", `skep-work/${half.id}/t1/1`, runGit(root, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "half"));
  const { archive, swarms } = storeLayout(project.home);
  write(archive, { "s-old.tar.gz": "x".repeat(500_000), "s-older.tar.gz": "x".repeat(900_000) });
  utimesSync(path.join(archive, "s-older.tar.gz"), 1, 1);
  write(transcriptFolder(project.home, done.id), { "x1.jsonl": "y".repeat(300_000) });
  for (const { id } of [done, half]) write(storeLayout(project.home).swarm(id).artifacts, { large: "z".repeat(200_000) });
  write(worktreePlace(worktrees, project.home, done.id, "dev-0"), { left: "w".repeat(1_200_000) });
  const cwd = root;
  const state = async () => {
    const { looks } = JSON.parse((await skep(["doctor", "--json"], { cwd })).stdout) as { looks: { what: string; found: string }[] };
    return looks.find(({ what }) => what === "state");
  };
  expect(await state()).toMatchObject({
    mark: "warn",
    found: expect.stringMatching(/; swarms use 4 of 1 MiB, 2 of it in worktrees of ended ones$/),
    fix: expect.stringMatching(/^skep gc/),
  });

  const there = () => [...readdirSync(archive), ...readdirSync(swarms)].sort();
  const before = there();
  const dry = JSON.parse((await skep(["gc", "--dry-run", "--yes", "--json"], { cwd })).stdout);
  expect(dry).toMatchObject({
    removed: false,
    transcripts: [{ swarm: done.id, bytes: 300_000, why: "what is kept of all swarms is over its room" }],
    archive: [{ swarm: done.id, why: "what is kept of all swarms is over its room" }],
    discard: [{ swarm: "s-older", bytes: 900_000 }],
  });
  const shown = await skep(["gc"], { cwd });
  expect(shown.stdout).toMatch(/\nArchives to remove for good.*\n {2}s-older {2}879 KiB, packed \d+ days ago\n/);
  expect(shown.stdout).toMatch(/Nothing was removed. Next: skep gc --yes\n$/);
  expect(there()).toEqual(before);

  expect((await skep(["gc", "--yes"], { cwd })).stdout).toMatch(/Removed\.\n$/);
  expect(there()).toEqual([half.id, `${done.id}.tar.gz`, "s-old.tar.gz"].sort());
  expect(existsSync(storeLayout(project.home).swarm(half.id).log)).toBe(true);
  expect(runGit(root, "branch", "--list", "skep-work/*")).toContain(half.id);
  expect(await state()).toMatchObject({ mark: "ok" });
}, 120_000);
