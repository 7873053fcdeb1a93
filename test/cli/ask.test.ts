/** A gate at a terminal: what is shown, what counts as an answer, and when the question goes away. */
import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import type { GateId } from "../../src/base/ids.ts";
import { askGate, openGates } from "../../src/cli/follow/gates.ts";
import { openTerminal } from "../../src/cli/shell/terminal.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { projectAt } from "../engine/support/repository.ts";
import { until } from "../support/until.ts";
import { hostedRepo } from "./support/skep.ts";
import { swarmAtGate } from "./support/swarm.ts";

const open: StoredProject[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((project) => project.close()));
});

/** A terminal with somebody at it, whose words the test types. */
function seat() {
  const [stdin, stdout, stderr] = [0, 1, 2].map(() => Object.assign(new PassThrough(), { isTTY: true })) as [
    PassThrough & { isTTY: boolean },
    PassThrough & { isTTY: boolean },
    PassThrough & { isTTY: boolean },
  ];
  let shown = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  const terminal = openTerminal({ stdin, stdout, stderr, env: { TERM: "xterm", NO_COLOR: "1" } });
  return { terminal, stdin, shown: () => shown };
}

async function gateOf() {
  const repo = hostedRepo();
  const id = await swarmAtGate(repo);
  const project = await projectAt(repo.root);
  open.push(project);
  const swarm = await project.open(id as never);
  const [gate] = await openGates(swarm);
  if (!gate) throw new Error("the swarm has no gate");
  return { swarm, gate };
}

const never = (): AbortSignal => new AbortController().signal;

test.each([
  [["1"], "retry"],
  [["2"], "stop"],
  [["Retry"], "retry"],
  [["perhaps", "7", "stop"], "stop"],
] as const)("[cli.ask] %j answers a gate with options", async (typed, answer) => {
  const { swarm, gate } = await gateOf();
  const { terminal, stdin, shown } = seat();
  const asked = askGate(swarm, gate, terminal, { signal: never() });
  const questions = (): number => shown().split("answer (number").length - 1;
  for (const [index, line] of typed.entries()) {
    await until(() => questions() > index, { what: `question ${index + 1} was put` });
    stdin.write(`${line}\n`);
  }
  expect(await asked).toBe(answer);
  expect(shown()).toContain("the disk is full");
  expect(shown()).toMatch(/1 {2}retry {2}it is tried again\n {2}2 {2}stop {2}the swarm ends/);
});

test("[cli.ask] an empty line and the end of input leave the gate open", async () => {
  const { swarm, gate } = await gateOf();
  const first = seat();
  const empty = askGate(swarm, gate, first.terminal, { signal: never() });
  first.stdin.write("\n");
  expect(await empty).toBeNull();
  const second = seat();
  const over = askGate(swarm, gate, second.terminal, { signal: never() });
  second.stdin.end();
  expect(await over).toBeNull();
  expect(await swarm.look((state) => state.openGates.size)).toBe(1);
});

test("[cli.ask] the question goes away when it is answered elsewhere", async () => {
  const { swarm, gate } = await gateOf();
  const { terminal, shown } = seat();
  const asked = askGate(swarm, gate, terminal, { signal: never() });
  await until(() => shown().includes("answer ("));
  await swarm.submit({ type: "answer_gate", gate: gate.gate as GateId, answer: "stop" }, { kind: "operator" });
  expect(await asked).toBeNull();
  expect(shown()).toContain("g1 was answered elsewhere");
});
