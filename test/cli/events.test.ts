/** The log of a swarm as programs read it. */
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import type { SwarmId } from "../../src/base/ids.ts";
import { projectAt } from "../engine/support/repository.ts";
import { until } from "../support/until.ts";
import { endHosts, hostedRepo, skep, startSkep } from "./support/skep.ts";
import { swarmAtGate } from "./support/swarm.ts";

afterEach(endHosts);

interface Line {
  readonly swarm: string;
  readonly seq: number;
  readonly n: number;
  readonly at: number;
  readonly by: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
const lines = (text: string): readonly Line[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

test("[cli.events] every event is a line with its place; --from begins with a commit", async () => {
  const repo = hostedRepo();
  const id = await swarmAtGate(repo);
  const all = await skep(["events"], { cwd: repo.root });
  expect(all).toMatchObject({ code: 0, stderr: "" });
  const told = lines(all.stdout);
  expect(new Set(told.map(({ swarm }) => swarm))).toEqual(new Set([id]));
  expect(told.slice(0, 3).map(({ seq, n, type }) => [seq, n, type])).toEqual([
    [1, 1, "swarm_created"],
    [1, 2, "plan_submitted"],
    [1, 3, "plan_reviewed"],
  ]);
  expect(told[0]?.data).toMatchObject({ title: "Tidy the notes", team: "solo" });
  const last = told.at(-1)?.seq ?? 0;
  const rest = lines((await skep(["events", id, "--from", String(last)], { cwd: repo.root })).stdout);
  expect(rest).toEqual(told.filter(({ seq }) => seq === last));
});

test("[cli.events] following goes on with what comes, and ends with 0 on Ctrl-C, when nobody reads, and with the swarm", async () => {
  const repo = hostedRepo();
  const id = await swarmAtGate(repo);
  const follow = () => startSkep(["events", "-f"], { cwd: repo.root });
  const [left, unread, whole] = [follow(), follow(), follow()];
  await until(() => [left, unread, whole].every(({ out }) => out().includes("gate_opened")), { timeoutMs: 30_000 });
  left.child.kill("SIGINT");
  expect(await left.ended).toMatchObject({ code: 0, stderr: "" });

  unread.child.stdout?.destroy();
  const ended = once(unread.child, "exit");
  const project = await projectAt(repo.root);
  const swarm = await project.open(id as SwarmId);
  await swarm.submit({ type: "pause_swarm" }, { kind: "operator" });
  expect(await ended).toEqual([0, null]);
  expect(unread.err()).toBe("");

  await swarm.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  await project.close();
  const { code, stdout } = await whole.ended;
  expect(code).toBe(0);
  expect(
    lines(stdout)
      .slice(-2)
      .map(({ type }) => type),
  ).toContain("swarm_ended");
});
