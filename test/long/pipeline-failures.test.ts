/** Each shipped pipeline with a task that fails for good: under every policy, and with another role that takes it up. */
import { afterEach, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import type { Policy, State, Task } from "../../src/domain/model.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { EDIT, edits, GIVEN, reports, SUBMIT } from "../e2e/support/pipelines.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { ask, connect } from "../tools/support/swarm.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

/** Of each pipeline: the task that fails, all that comes after it (its end last), and the role that may take it up. */
const FAILS = {
  docs: { task: "write.write", lost: ["read.follow"], to: "tester" },
  refactor: { task: "reshape.reshape", lost: ["settle.settle"], to: "architect" },
  "release-notes": { task: "collect.collect", lost: ["write.write"], to: "architect" },
  "security-audit": { task: "look.input", lost: ["report.report"], to: "architect" },
  "team-bugfix": { task: "diagnose.diagnose", lost: ["fix.fix", "regression.guard"], to: "architect" },
  "team-deploy": { task: "preflight.preflight", lost: ["deploy.deploy", "smoke.smoke", "monitor.monitor"], to: "developer" },
  "team-feature": { task: "architecture.examine", lost: ["implement.build", "test.accept", "review.compare"], to: "developer" },
} as const;
type Name = keyof typeof FAILS;

const GIVES_BACK = `[{call: task_release, with: {attempt: "\${attempt}", reason: stuck, detail: "two ways were tried"}}]`;
/** Who takes it up is told that it failed and what was tried; without these words the script stops. */
const TAKES_UP = (work: string): string =>
  `[{call: task_claim, capture: {told: "/failed, and this task takes it up.*two ways were tried/s"}}, ${work}${SUBMIT}]`;

/** The id in the pipeline, without its phase. */
const own = (place: string): string => place.replace(/^.*\./, "");
/** The same, of an id in the swarm. */
const inPipeline = (id: string): string => id.replace(/^r\w{6}-/, "");
const taskOf = ({ tasks }: Readonly<State>, place: string): Task =>
  [...tasks.values()].find(({ id }) => inPipeline(id) === own(place)) as Task;
const idsOf = (ids: Iterable<string>): readonly string[] => [...ids].map(inPipeline).sort();

async function start(rig: Rig, name: Name, set: Readonly<Record<string, unknown>>, team?: string): Promise<LiveSwarm> {
  const client = await connect({ kind: "operator" }, rig.project);
  const answer = await ask(client, "pipeline_start", { name, vars: GIVEN[name], set, team });
  expect([answer.ok, answer.text]).toEqual([true, expect.anything()]);
  return rig.project.open(answer.facts.swarm as never);
}

/** A person answers whatever is asked: what is theirs is done or failed, what agents gave back is given up. Answers what was asked. */
async function lead(rig: Rig, swarm: LiveSwarm, person = "done"): Promise<readonly string[]> {
  const client = await connect({ kind: "operator" }, rig.project);
  const asked: string[] = [];
  for (;;) {
    const found = await rig.until(
      swarm,
      "a gate or the end",
      (state) => [...state.openGates].flatMap((id) => state.gates.get(id) ?? [])[0] ?? (state.closed ? "end" : null),
      150_000,
    );
    if (found === "end") return asked;
    asked.push(`${found.kind} ${inPipeline(found.task ?? "")}`);
    const answer = found.kind === "task" ? person : "give_up";
    const { ok, text } = await ask(client, "gate_answer", { gate: found.id, answer, swarm: swarm.id });
    expect([ok, text]).toEqual([true, expect.anything()]);
  }
}

async function underPolicy(rig: Rig, name: Name, policy: Policy): Promise<void> {
  const { task, lost } = FAILS[name];
  // What comes last is critical: that it can never begin counts as its failure.
  const swarm = await start(rig, name, { policy, [`${lost.at(-1)}.critical`]: true });
  expect(await lead(rig, swarm), policy).toEqual([`attempts ${own(task)}`]);
  const { solo, status, byStatus, tasks, ending } = swarm.state;
  const failed = taskOf(swarm.state, task);
  expect([...byStatus.failed], policy).toEqual([failed.id]);
  const after = lost.map((id) => taskOf(swarm.state, id));
  const beside = [...tasks.values()].filter((one) => one !== failed && !after.includes(one));
  if (policy === "continue_best_effort") {
    expect(beside.map((one) => one.status)).toEqual(beside.map(() => "merged"));
    // A queen plans what is left; without one it ends by itself.
    expect([status, ...after.map((one) => one.status)]).toEqual(
      solo ? ["failed", ...after.map(() => "blocked")] : ["completed", ...after.map(() => "cancelled")],
    );
    expect(tasks.has("rest" as TaskId)).toBe(!solo);
  } else {
    expect([status, ending]).toEqual(["failed", expect.stringContaining(`the policy ${policy} ends the swarm`)]);
    expect(after.map((one) => one.status)).toEqual(after.map(() => "blocked"));
    for (const id of failed.after) expect(tasks.get(id)?.status).toBe("merged");
  }
}

async function takenUp(rig: Rig, name: Name): Promise<void> {
  const { task, to } = FAILS[name];
  const set = { [`${task}.escalate`]: to, [`${task}.budget.turns`]: 20 };
  // One who works alone has nobody to take anything up.
  const swarm = await start(rig, name, set, name === "release-notes" ? "dev-team" : undefined);
  const asked = await lead(rig, swarm);
  expect(asked).toEqual(name === "team-deploy" ? ["task deploy"] : []);
  const { status, byStatus, tasks } = swarm.state;
  expect([status, idsOf(byStatus.failed), byStatus.merged.size]).toEqual(["completed", [own(task)], tasks.size - 1]);
  expect(taskOf(swarm.state, `${own(task)}-recovery`)).toMatchObject({
    role: to,
    caps: { turns: 30 },
    recovers: taskOf(swarm.state, task).id,
  });
}

test.each(Object.keys(FAILS) as readonly Name[])(
  "[pipeline.fails] %s with a task given up: each policy ends or goes on as it says, and a recovery opens what waited",
  async (name) => {
    const { task } = FAILS[name];
    const parts = (work: string) => ({
      tasks: { [own(task)]: GIVES_BACK, [`${own(task)}-recovery`]: TAKES_UP(work) },
    });
    const playbook = name === "team-deploy" ? reports(parts("")) : edits(parts(`${EDIT}, `));
    const rig = await makeRig({ playbook, config: "limits: {attempts: 1}" });
    rigs.push(rig);
    const runs = await Promise.allSettled([
      underPolicy(rig, name, "continue_best_effort"),
      underPolicy(rig, name, "abort_on_first_fail"),
      underPolicy(rig, name, "abort_on_critical_fail"),
      takenUp(rig, name),
    ]);
    // Each comes to its end before the host does.
    expect(runs.flatMap((one) => (one.status === "rejected" ? [one.reason] : []))).toEqual([]);
  },
  300_000,
);

test("[pipeline.fails] as they are shipped: the architect takes a feature up, a defect nobody mends ends its run, and so does a deployment that was taken back", async () => {
  const gives = { build: GIVES_BACK, "build-recovery": TAKES_UP(`${EDIT}, `), fix: GIVES_BACK, "fix-recovery": GIVES_BACK };
  const rig = await makeRig({ playbook: edits({ tasks: gives }), config: "limits: {attempts: 1}" });
  const deploys = await makeRig({ playbook: reports() });
  rigs.push(rig, deploys);
  const [feature, defect, deployment] = await Promise.all([
    start(rig, "team-feature", {}),
    start(rig, "team-bugfix", {}),
    start(deploys, "team-deploy", {}),
  ]);
  const asked = await Promise.all([lead(rig, feature), lead(rig, defect), lead(deploys, deployment, "failed")]);
  expect(asked).toEqual([[], ["attempts fix-recovery"], ["task deploy"]]);
  const built = taskOf(feature.state, "build-recovery");
  expect([feature.state.status, built.role, built.status, built.critical]).toEqual(["completed", "architect", "merged", true]);
  const why = (id: string) => `${id} failed: the policy abort_on_first_fail ends the swarm`;
  expect([defect.state.status, defect.state.ending]).toEqual(["failed", why(taskOf(defect.state, "fix").id)]);
  expect([deployment.state.status, deployment.state.ending]).toEqual(["failed", why(taskOf(deployment.state, "deploy").id)]);
  expect(["smoke", "monitor"].map((id) => taskOf(deployment.state, id).status)).toEqual(["blocked", "blocked"]);
}, 300_000);
