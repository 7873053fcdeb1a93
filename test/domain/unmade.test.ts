import { describe, expect, test } from "vitest";
import { DEFAULT_RULES, rulesNow, type Unmade, WAIVERS } from "../../src/domain/commit-rules.ts";
import { react } from "../../src/domain/react.ts";
import { reasons } from "../../src/domain/why.ts";
import { stepCommand, WAIT } from "../../src/domain/why-step.ts";
import { approved } from "./merge-world.ts";
import { id, type World } from "./world.ts";

const RULES = { sign: "always", hooks: ["commit-msg"] } as const;
const ERROR = 'COMMIT_UNSIGNED: the commit could not be signed: "error: gpg failed to sign the data"';

const owed = (world: World) => react(world.state, world.now).effects.find(({ kind }) => kind === "merge_task" || kind === "undo_task");
const gate = (world: World) => world.state.gates.get([...world.state.openGates].at(-1) as never);

function merging(): { world: World; key: string } {
  const world = approved(2, { verify: "never" });
  world.must({ type: "begin_merge", task: id.task("t1") });
  return { world, key: owed(world)?.key ?? "" };
}
const fail = (world: World, key: string, unmade: Unmade) => world.must({ type: "fail_effect", key, error: ERROR, unmade });
const answer = (world: World, with_: string) =>
  world.must({ type: "answer_gate", gate: gate(world)?.id as never, answer: with_ }, { kind: "operator" });

describe.each(["signing", "hook"] as const)("[merge.sign.gate] a commit that could not be made (%s)", (unmade) => {
  test("asks a person at once, with the cause and the next step, and is not tried before the answer", () => {
    const { world, key } = merging();
    fail(world, key, unmade);
    expect(gate(world)).toMatchObject({ kind: unmade, task: "t1", effect: key, options: ["retry", WAIVERS[unmade], "stop"] });
    expect(gate(world)?.question).toContain(ERROR);
    expect(gate(world)?.question).toContain(unmade === "signing" ? "merge.sign: never" : "merge.hooks: []");
    expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "merging", gate: gate(world)?.id });
    expect(owed(world)).toBeUndefined();
    const [said, ...others] = reasons(world.state, world.now).filter((one) => one.of === "task" && one.code === "gate");
    expect([said?.id, others]).toEqual(["t1", []]);
    expect(stepCommand(said?.next ?? WAIT, world.state.id)).toBe(`skep answer ${gate(world)?.id} --swarm ${world.state.id} "retry"`);
    world.now += 3_600_000;
    expect(owed(world)).toBeUndefined();
    answer(world, "retry");
    expect(owed(world)?.key).toBe(key);
    expect(rulesNow(world.state, RULES)).toEqual(RULES);
  });

  test("is made without, and so are all later ones of the swarm, when a person says so", () => {
    const { world, key } = merging();
    fail(world, key, unmade);
    answer(world, WAIVERS[unmade]);
    expect(owed(world)?.key).toBe(key);
    expect(rulesNow(world.state, RULES)).toEqual(unmade === "signing" ? { ...RULES, sign: "never" } : { ...RULES, hooks: [] });
    expect(rulesNow(merging().world.state, DEFAULT_RULES)).toEqual(DEFAULT_RULES);
  });

  test("stops with the swarm: the task stays approved, and nobody is asked any more", () => {
    const { world, key } = merging();
    fail(world, key, unmade);
    answer(world, "stop");
    fail(world, owed(world)?.key ?? "", unmade);
    expect([...world.state.openGates]).toEqual([]);
    expect(world.state.tasks.get(id.task("t1"))?.status).toBe("approved");
    expect(owed(world)).toBeUndefined();
  });

  test("[merge.sign.fence] of a merge that is no more owed is not asked about", () => {
    const { world, key } = merging();
    world.must({ type: "record_merge", task: id.task("t1"), attempt: 1, outcome: { kind: "merged", sha: "merged-t1" } });
    expect(world.send({ type: "fail_effect", key, error: ERROR, unmade })).toMatchObject({ ok: true, repeated: true });
    expect([...world.state.openGates]).toEqual([]);
  });

  test("of an undo asks in a live swarm and is refused with its cause in an ended one", () => {
    const { world } = merging();
    const T1 = id.task("t1");
    world.must({ type: "record_merge", task: T1, attempt: 1, outcome: { kind: "merged", sha: "merged-t1" } });
    world.must({ type: "undo_task", task: T1, why: "w", findings: null, drop: false }, { kind: "operator" });
    fail(world, owed(world)?.key ?? "", unmade);
    expect(gate(world)).toMatchObject({ kind: unmade, task: "t1" });
    answer(world, "stop");
    fail(world, owed(world)?.key ?? "", unmade);
    expect(world.state.merges.undo).toBeNull();
    expect(world.history.at(-1)?.events).toMatchObject([{ type: "undo_refused", why: expect.stringContaining("gpg failed") }]);
  });
});
