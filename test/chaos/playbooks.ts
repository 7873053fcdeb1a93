/** The swarms that chaos is let loose on. Every step may be done twice and every attempt may be the last: any of them may be cut. */

type Step = Readonly<Record<string, unknown>>;
interface TaskPlan {
  readonly id: string;
  readonly files: readonly string[];
  readonly after?: readonly string[];
}
export interface ChaosPlaybook {
  readonly team: string;
  readonly tasks: readonly TaskPlan[];
  readonly playbook: Readonly<Record<string, unknown>>;
  /** Once it is complete, this task is undone. */
  readonly undo?: string;
  /** Of the configuration. */
  readonly supervision?: Readonly<Record<string, unknown>>;
}

const call = (tool: string, args: Step, more: Step = {}): Step => ({ call: tool, with: args, ...more });
const submit = call("task_submit", {
  task: `\${task}`,
  attempt: `\${attempt}`,
  summary: "did what was asked",
  evidence: { each: "criteria", give: `\${n}: the file is there` },
});
/** New content in every attempt: one that changes nothing would be refused. */
const edit = (file: string): Step => ({ edit: file, append: `attempt \${attempt}\n` });
/** Whoever met the conflict, or was cut before it, does without the file or the move. */
const anew = (...files: readonly string[]): readonly Step[] => [
  { run: ["git", "reset", "-q", "--hard", `\${base}`] },
  ...files.map((file) => ({ remove: file })),
];
const nap = (sleepMs: number): Step => ({ sleepMs });
const mail = (to: string, subject: string): Step =>
  call("message_send", { to, subject: `${subject} of \${task}`, body: `a fact of attempt \${attempt}` }, { expect: "any" });

const specOf = ({ id, files, after = [] }: TaskPlan): Step => ({
  id,
  title: `Make ${id}`,
  brief: `Make ${files.join(", ")}.`,
  files,
  after,
  criteria: [`${id} is there`],
  proof: "check_only",
  meets: [1],
});

/** Whatever wakes her, she tries to be done: too early it is refused. A session that begins anew says its plan again. */
const queen = (tasks: readonly TaskPlan[]): readonly unknown[] => {
  const complete = call("swarm_complete", { summary: "all are there" }, { expect: "any" });
  const plan = call(
    "plan_submit",
    { goal: "files", conditions: ["every file exists"], approach: "One task per file.", tasks: tasks.map(specOf) },
    { expect: "any" },
  );
  return [[plan, complete], ...Array.from({ length: 20 }, () => [complete])];
};
const planReview = (tasks: readonly TaskPlan[]): readonly unknown[] => [
  call("plan_review_submit", {
    revision: `\${revision}`,
    plan_hash: `\${plan_hash}`,
    coverage: [{ condition: 1, tasks: tasks.map(({ id }) => id) }],
    findings: [],
  }),
];
const diff = call("diff_get", { task: `\${task}` });
const verdict = (met: "yes" | "no", findings: readonly unknown[], more: Step = {}): Step =>
  call("task_review_submit", {
    task: `\${task}`,
    sha: `\${sha}`,
    criteria: [{ n: 1, met, evidence: `out/\${task}.txt:1` }],
    findings,
    ...more,
  });
const approve = [diff, verdict("yes", [])];

const ONE: readonly TaskPlan[] = [{ id: "t1", files: ["out/t1.txt"] }];
const PAIR: readonly TaskPlan[] = [
  { id: "t1", files: ["out/t1.txt"] },
  { id: "t2", files: ["out/t2.txt"], after: ["t1"] },
];
const WIDE: readonly TaskPlan[] = [
  { id: "t1", files: ["src/*/date.txt", "out/t1.txt"] },
  { id: "t2", files: ["src/util/lists.txt", "src/util/words.txt", "src/core/lists.txt", "src/core/words.txt", "out/t2.txt"] },
  { id: "t3", files: ["out/t3.txt"] },
  { id: "t4", files: ["out/t4.txt"], after: ["t3"] },
  { id: "t5", files: ["out/t5.txt"], after: ["t2", "t3"] },
];

export const PLAYBOOKS = {
  /** Two tasks in order, a worker that dies in its work, and an undo at the end: nearly every kind of effect. */
  pair: {
    team: "minimal",
    tasks: PAIR,
    undo: "t2",
    playbook: {
      queen: queen(PAIR),
      plan_review: { default: planReview(PAIR) },
      tasks: {
        t1: { 1: [edit("out/t1.txt"), { crash: true }], default: [nap(400), edit("out/t1.txt"), submit] },
        t2: { default: [mail("queen", "begun"), nap(400), edit("out/t2.txt"), submit] },
      },
      reviews: { default: { default: approve } },
    },
  },
  /** Five tasks: a question to a person, a folder that moves under another task's file, a review that finds something, mail. */
  wide: {
    team: "minimal",
    tasks: WIDE,
    playbook: {
      queen: queen(WIDE),
      plan_review: { default: planReview(WIDE) },
      tasks: {
        t1: {
          1: [
            call(
              "human_ask",
              { question: "Which date?", options: ["today", "tomorrow"], fallback: "today", minutes: 5 },
              { expect: "any" },
            ),
            { wait: "turn" },
            { edit: "src/util/date.txt", content: "a date\n" },
            edit("out/t1.txt"),
            submit,
          ],
          default: [...anew("src/util/date.txt", "src/core/date.txt"), edit("out/t1.txt"), submit],
        },
        t2: {
          1: [{ run: ["git", "mv", "src/util", "src/core"], expect: "any" }, nap(200), edit("out/t2.txt"), submit],
          default: [...anew("src/core"), edit("out/t2.txt"), submit],
        },
        t3: { default: [mail("queen", "a fact"), edit("out/t3.txt"), submit] },
        t4: { default: [mail("reviewer", "look here"), nap(300), edit("out/t4.txt"), submit] },
        t5: { default: [edit("out/t5.txt"), mail("operator", "nearly done"), submit] },
      },
      reviews: {
        t3: {
          1: [
            diff,
            verdict("no", [
              {
                ...{ effect: "wrong_result", file: "out/t3.txt", line: 1, title: "too short", trigger: "read out/t3.txt" },
                ...{ confidence: "high", criterion: 1 },
              },
            ]),
          ],
          2: [diff, verdict("yes", [], { earlier: [{ id: "f1", state: "fixed" }] })],
          default: approve,
        },
        default: { default: approve },
      },
    },
  },
  /** An agent that falls silent: it is looked at, told of, asked and ended, and the next attempt does the work. */
  silent: {
    team: "minimal",
    tasks: ONE,
    supervision: {
      ...{ stallMinutes: 0.08, probeSeconds: 0.5 },
      tiers: [
        { after: 1, do: "warn" },
        { after: 2, do: "end" },
      ],
    },
    playbook: {
      queen: queen(ONE),
      plan_review: { default: planReview(ONE) },
      tasks: { t1: { 1: [nap(60_000)], default: [edit("out/t1.txt"), mail("queen", "done"), submit] } },
      reviews: { default: { default: approve } },
    },
  },
} as const satisfies Readonly<Record<string, ChaosPlaybook>>;
export type PlaybookName = keyof typeof PLAYBOOKS;
