/**
 * Memory of the host per seat: many live sessions that use MCP over HTTP at one host, beside one `skep mcp` process each, as
 * clients with a stdio server have it.
 */
import { MAIN } from "./built.ts";
import { type Figure, round } from "./figure.ts";
import { hostPid, withHost } from "./host.ts";
import { type Memory, memoryOf } from "./memory.ts";
import { BareClient } from "./stdio-client.ts";

const SEATS = 12;

const task = (n: number) => ({
  ...{ id: `t${n}`, title: `Wait ${n}`, brief: "Wait.", files: [`out/${n}.txt`], after: [], criteria: ["it waits"] },
  ...{ proof: "check_only", meets: [1] },
});
const tasks = Array.from({ length: SEATS }, (_, n) => task(n + 1));
const BUSY = {
  queen: [
    { call: "plan_submit", with: { goal: "wait", conditions: ["all wait"], approach: "One task each.", tasks } },
    { wait: "turn" },
    { say: "waiting" },
  ],
  plan_review: [
    {
      call: "plan_review_submit",
      with: {
        ...{ revision: `\${revision}`, plan_hash: `\${plan_hash}` },
        ...{ coverage: [{ condition: 1, tasks: tasks.map(({ id }) => id) }], findings: [] },
      },
    },
  ],
  tasks: { default: [{ call: "whoami" }, { call: "task_get", with: { task: `\${task}` } }, { sleepMs: 60_000 }] },
};
const TEAM = { id: "many", title: "Many", seats: [{ role: "queen" }, { role: "reviewer" }, { role: "developer", count: SEATS }] };

export const seatMemory = (): Promise<Figure> =>
  withHost(
    async (hosted) => {
      const { root, swarm } = hosted;
      const host = hostPid(hosted);
      // The queen is there: what is shared by all seats is loaded.
      const before = memoryOf(host);
      const busy = await swarm.until((state) => (state.byStatus.claimed.size === SEATS && allRun(state.sessions.values()) ? true : null), {
        timeoutMs: 60_000,
      });
      if (!busy) throw new Error("not all seats came to work");
      const after = memoryOf(host);
      const alone = await stdioServers(root);
      const value = (after.rss - before.rss) / SEATS;
      return {
        name: `host memory per added seat (RSS, ${SEATS} seats over HTTP)`,
        value: round(value),
        unit: "MiB",
        floor: round(alone.rss),
        ratio: round(value / alone.rss),
        target: "at most a tenth of a stdio server of its own",
        met: value <= alone.rss / 10,
        facts: { hostRss: round(after.rss), hostPss: round(after.pss), stdioRss: round(alone.rss), stdioPss: round(alone.pss) },
      };
    },
    { playbook: BUSY, team: TEAM, limits: { workers: SEATS }, until: "begun" },
  );

function allRun(sessions: Iterable<{ readonly job: { readonly kind: string }; readonly turn: string }>): boolean {
  return [...sessions].filter(({ job, turn }) => job.kind === "task" && turn === "running").length === SEATS;
}

/** The mean of as many servers as there are seats, each after its first calls. */
async function stdioServers(root: string): Promise<Memory> {
  const clients: BareClient[] = [];
  try {
    for (let n = 0; n < SEATS; n++) {
      const client = new BareClient([process.execPath, MAIN, "mcp"], { cwd: root });
      clients.push(client);
      await client.initialize();
      await client.request("tools/list", {});
      await client.tool("swarm_list", {});
    }
    const each = clients.map(({ pid }) => memoryOf(pid));
    const mean = (of: (one: Memory) => number): number => each.reduce((sum, one) => sum + of(one), 0) / each.length;
    return { rss: mean(({ rss }) => rss), pss: mean(({ pss }) => pss) };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
