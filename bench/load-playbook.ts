/** What the agents of the load figure do: a plan of as many tasks as one holds, each writes a file; then the next plan. */

export interface Size {
  readonly agents: number;
  readonly tasks: number;
}

/** What one plan may hold; the queen hands in the next one when all of the last is merged. */
const PLAN = 20;

const task = (id: string) => ({
  ...{ id, title: `Write ${id}`, brief: "Write it.", files: [`out/${id}.txt`], after: [] },
  ...{ criteria: [`${id}.txt is there`], proof: "check_only", meets: [1] },
});

export function playbook(tasks: number): object {
  const ids = Array.from({ length: tasks }, (_, n) => `t${n + 1}`);
  const plans = Array.from({ length: Math.ceil(tasks / PLAN) }, (_, n) => ids.slice(n * PLAN, (n + 1) * PLAN));
  const approval = (plan: readonly string[]) => ({
    call: "plan_review_submit",
    with: { revision: `\${revision}`, plan_hash: `\${plan_hash}`, coverage: [{ condition: 1, tasks: plan }], findings: [] },
  });
  const evidence = `out/\${task}.txt:1`;
  return {
    queen: plans.flatMap((plan) => [
      { call: "plan_submit", with: { goal: "Many files", conditions: ["all are there"], approach: "One each.", tasks: plan.map(task) } },
      { wait: "turn" },
    ]),
    plan_review: Object.fromEntries(plans.map((plan, n) => [n + 1, [approval(plan)]])),
    tasks: {
      default: [
        { edit: `out/\${task}.txt`, content: `\${task}\n` },
        { call: "task_submit", with: { attempt: `\${attempt}`, summary: "done", evidence: [evidence] } },
      ],
    },
    reviews: {
      default: [
        { call: "diff_get", with: { task: `\${task}` } },
        {
          call: "task_review_submit",
          with: { task: `\${task}`, sha: `\${sha}`, criteria: [{ n: 1, met: "yes", evidence }], findings: [] },
        },
      ],
    },
  };
}

/** One queen, a reviewer for every four workers, workers. */
export function team(agents: number): { readonly id: string } & Readonly<Record<string, unknown>> {
  const reviewers = Math.max(1, Math.round((agents - 1) / 5));
  const seats = [{ role: "queen" }, { role: "reviewer", count: reviewers }, { role: "developer", count: agents - 1 - reviewers }];
  return { id: "many", title: "Many hands", seats };
}
