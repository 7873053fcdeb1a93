/**
 * What an agent knows about itself: the one place that depends on the shape of `whoami` and of the first message.
 * Fields that are missing are looked for under the names other answers use, and then in the text.
 */
import { z } from "zod";

export type AgentJob =
  | { readonly kind: "plan" }
  | { readonly kind: "plan_review"; readonly revision: number }
  | { readonly kind: "task"; readonly task: string; readonly attempt: number }
  | { readonly kind: "review"; readonly task: string; readonly round: number; readonly as?: "risk" }
  | { readonly kind: "verify"; readonly task: string; readonly finding: string }
  | { readonly kind: "collab"; readonly task: string; readonly place: string; readonly step: number };

export interface Facts {
  readonly job: AgentJob | null;
  /** Names for `${…}`: the short ones below, and the whole answer as `whoami`. */
  readonly vars: Readonly<Record<string, unknown>>;
}

const number = z.coerce.number().int();
const taskFields = z.looseObject({
  id: z.string().optional(),
  attempt: number.optional(),
  round: number.optional(),
  criteria: z.array(z.unknown()).optional(),
});
const whoami = z.looseObject({
  role: z.string().optional(),
  job: z
    .looseObject({
      kind: z.string(),
      task: z.string().optional(),
      attempt: number.optional(),
      revision: number.optional(),
      round: number.optional(),
      sha: z.string().optional(),
      finding: z.string().optional(),
      place: z.string().optional(),
      step: number.optional(),
      as: z.string().optional(),
      plan_hash: z.string().optional(),
    })
    .optional(),
  task: z.union([taskFields, z.string()]).nullish(),
  plan: z.looseObject({ revision: number.optional(), plan_hash: z.string().optional(), hash: z.string().optional() }).nullish(),
});

const SHORT = ["swarm", "agent", "role", "worktree", "branch", "base", "head", "goal"] as const;

export function readFacts(answer: unknown, message: string): Facts {
  const read = whoami.safeParse(answer);
  const me = read.success ? read.data : {};
  const task = typeof me.task === "string" ? { id: me.task } : (me.task ?? {});
  const id = me.job?.task ?? task.id ?? /\btask (t\d+)\b/i.exec(message)?.[1];
  const attempt = me.job?.attempt ?? task.attempt ?? toNumber(/\battempt (\d+)\b/i.exec(message)?.[1]);
  const round = me.job?.round ?? task.round ?? attempt ?? 1;
  const revision = me.job?.revision ?? me.plan?.revision ?? toNumber(/\brevision (\d+)\b/i.exec(message)?.[1]);
  const vars: Record<string, unknown> = { whoami: answer, message };
  for (const name of SHORT) if (me[name] !== undefined) vars[name] = me[name];
  const found = {
    criteria: task.criteria && countOf(task.criteria),
    task: id,
    attempt,
    round,
    revision,
    finding: me.job?.finding,
    place: me.job?.place,
    step: me.job?.step,
    sha: me.job?.sha ?? me.sha ?? task.sha ?? /\bsha:? `?([0-9a-f]{7,64})\b/i.exec(message)?.[1],
    plan_hash:
      me.job?.plan_hash ?? me.plan_hash ?? me.plan?.plan_hash ?? me.plan?.hash ?? /\bplan_hash\W+([\w:-]{6,80})/.exec(message)?.[1],
  };
  for (const [name, value] of Object.entries(found)) if (value !== undefined) vars[name] = value;
  return {
    job: jobOf(me.job?.kind ?? kindByRole(me.role, id), {
      id,
      attempt,
      round,
      revision,
      finding: me.job?.finding,
      place: me.job?.place,
      step: me.job?.step,
      risk: me.job?.as === "risk",
    }),
    vars,
  };
}

function jobOf(
  kind: string | null,
  at: {
    id: string | undefined;
    attempt: number | undefined;
    round: number;
    revision: number | undefined;
    finding: string | undefined;
    place: string | undefined;
    step: number | undefined;
    risk: boolean;
  },
): AgentJob | null {
  switch (kind) {
    case "plan":
      return { kind };
    case "plan_review":
      return { kind, revision: at.revision ?? 1 };
    case "task":
      return at.id === undefined ? null : { kind, task: at.id, attempt: at.attempt ?? 1 };
    case "review":
      return at.id === undefined ? null : { kind, task: at.id, round: at.round, ...(at.risk ? { as: "risk" as const } : {}) };
    case "verify":
      return at.id === undefined || at.finding === undefined ? null : { kind, task: at.id, finding: at.finding };
    case "collab":
      return at.id === undefined || at.place === undefined ? null : { kind, task: at.id, place: at.place, step: at.step ?? 1 };
    default:
      return null;
  }
}

/** For answers without a job. */
function kindByRole(role: string | undefined, task: string | undefined): string | null {
  if (role === "queen") return "plan";
  if (role === "reviewer") return task === undefined ? "plan_review" : "review";
  return task === undefined ? null : "task";
}

/** How many criteria there are; `whoami` cuts long lists and says by how much. */
function countOf(criteria: readonly unknown[]): number {
  const more = /^\+(\d+) more\b/.exec(String(criteria.at(-1)))?.[1];
  return more === undefined ? criteria.length : criteria.length - 1 + Number(more);
}

const toNumber = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits));
