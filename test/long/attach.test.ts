/** `skep attach`: a person works in an agent's session and gives it back. The real adapter, a fake CLI, the built program. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { endHosts, hostedRepo, skep, start, startSkep } from "../cli/support/skep.ts";
import { script } from "../cli/support/swarm.ts";
import { claudeRig } from "../e2e/support/fake-claude.ts";
import type { Rig } from "../e2e/support/rig.ts";
import { builtMain } from "../support/build.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
  await endHosts();
});

/** Its first turn leaves the work half done; the second hands in what is there. */
const HALF = `
tasks:
  default:
    default:
      - edit: mine.txt
        content: "by the agent\\n"
      - sleepMs: 2000
      - wait: turn
      - call: task_submit
        with: { attempt: "\${attempt}", summary: both files, evidence: { each: criteria, give: "mine.txt:1" } }
reviews:
  default:
    default:
      - call: diff_get
        with: { task: "\${task}" }
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: { each: criteria, give: { n: "\${n}", met: "yes", evidence: "mine.txt:1" } }
          findings: []
`;

async function atWork(): Promise<{ rig: Rig; swarm: LiveSwarm; cwd: string }> {
  const rig = await claudeRig({ playbook: HALF });
  rigs.push(rig);
  const swarm = await rig.create("Write two files", "solo");
  await rig.until(swarm, "dev-0 at work", (state) =>
    [...state.sessions.values()].some(({ seat, status }) => seat === "dev-0" && status === "live"),
  );
  return { rig, swarm, cwd: rig.repo.root };
}
async function all<T extends Event["type"]>(swarm: LiveSwarm, type: T): Promise<Extract<Event, { type: T }>[]> {
  const commits = await swarm.events(0);
  return commits.flatMap(({ events }) => events.filter((event): event is Extract<Event, { type: T }> => event.type === type));
}
async function ended(rig: Rig, swarm: LiveSwarm): Promise<void> {
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
  const { branch } = swarm.state;
  expect(rig.repo.git("show", `${branch}:mine.txt`)).toBe("by the agent");
  // One attempt, one session of its CLI, two programs; what the person left in the worktree was handed in with the rest.
  const runs = (await all(swarm, "session_started")).filter(({ session }) => session === "x1");
  expect(runs.map(({ run }) => run)).toEqual([1, 2]);
  expect(new Set(runs.map(({ cli }) => cli)).size).toBe(1);
  expect(rig.repo.git("show", `${branch}:person.txt`)).toBe(runs[0]?.cli);
  expect(await all(swarm, "attempt_ended")).toMatchObject([{ attempt: 1, result: "merged" }]);
}

test.skipIf(process.platform !== "linux")(
  "[seen.attach] at a terminal the CLI opens the session in its worktree; when the person leaves it, the agent goes on",
  async () => {
    const { rig, swarm, cwd } = await atWork();
    // `script` gives the program a terminal of its own.
    const line = `'${process.execPath}' '${builtMain()}' attach dev-0`;
    const { code, stdout } = await start(["script", "-qec", line, "/dev/null"], { cwd, env: rig.env }).ended;
    const [{ cli } = { cli: "" }] = await all(swarm, "session_started");
    expect(stdout).toContain(`the screen of ${cli}`);
    expect(stdout).toContain("x1 is given back: dev-0 goes on with it");
    expect(code).toBe(0);
    await ended(rig, swarm);
  },
  120_000,
);

test("[seen.attach.print] a program gets the command; the session waits at a gate, over another host too, until it is given back", async () => {
  const { rig, swarm, cwd } = await atWork();
  const skeps = (...args: string[]) => skep(args, { cwd, env: rig.env });
  const handed = await skeps("attach", "dev-0", "--json");
  expect(handed.code).toBe(0);
  const order = JSON.parse(handed.stdout) as { argv: string[]; env: Record<string, string>; cwd: string; session: string };
  expect(order).toMatchObject({
    version: 1,
    agent: "dev-0",
    session: "x1",
    argv: [expect.any(String), "--resume", swarm.state.sessions.get("x1" as never)?.cli, ...order.argv.slice(3)],
  });
  expect(JSON.stringify(order)).not.toMatch(/Bearer|mcp_set_servers/);
  const standing = await skeps("status");
  expect(standing.code).toBe(3);
  expect(standing.stdout).toMatch(/dev-0: t1 attempt 1, in a person's hands \(gate g1\)/);
  const again = await skeps("attach", "dev-0", "--print");
  expect(again.stdout).toBe(`cd ${order.cwd} && DISABLE_AUTOUPDATER=1 ${again.stdout.split("DISABLE_AUTOUPDATER=1 ")[1]}`);
  rig.killHost();
  const [program = "", ...args] = order.argv;
  await start([program, ...args], { cwd: order.cwd, env: { ...rig.env, ...order.env }, input: "" }).ended;
  expect(readFileSync(path.join(order.cwd, "person.txt"), "utf8")).toBe(`${order.argv[2]}\n`);
  expect(await skeps("attach", "dev-0", "--back")).toMatchObject({ code: 0, stdout: "dev-0 goes on with its session\n" });
  expect((await skeps("attach", "dev-0", "--back")).stdout).toContain("nothing is to be given back");
  await ended(rig, swarm);
  const told = await skeps("logs", "--session", "x1");
  expect(told.stdout).toContain("A person worked in this session and gave it back: t1, attempt 1, is still yours");
}, 120_000);

test("[seen.attach.refused] an unknown agent, one without a session, and a CLI that has no terminal of its own", async () => {
  const { rig, cwd } = await atWork();
  const refused = async (...args: string[]) => (await skep(["attach", ...args], { cwd, env: rig.env })).stderr;
  expect(await refused("dev-7")).toMatch(/^NO_AGENT: "dev-7" is no agent of s-\w+; .*Next: skep attach dev-0\.\n$/);
  expect(await refused("reviewer", "--print")).toContain("NOT_READY: reviewer has no session now");

  const repo = hostedRepo();
  script(repo, HALF);
  const running = startSkep(["run", "--solo", "Write"], { cwd: repo.root });
  await until(() => running.out().includes("t1 attempt 1 claimed"), { timeoutMs: 30_000 });
  expect((await skep(["attach", "dev-0"], { cwd: repo.root })).stderr).toMatch(
    /^NO_ATTACH: the CLI behind dev-0 \(scripted\) cannot go on/,
  );
  expect((await running.ended).code).toBe(0);
}, 120_000);
