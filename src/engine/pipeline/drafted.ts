/**
 * A pipeline as a draft says more of a task than a queen's plan can: it stays with every task that keeps its id. She cannot
 * write it, only leave it behind by giving a task another id: programs that are run and money that is spent are a person's choice.
 */
import type { Compiled } from "../../catalog/pipeline-compile.ts";
import type { Policy, TaskSpec } from "../../domain/model.ts";

const KEPT = ["role", "critical", "caps", "escalate", "ownChecks", "mode", "mustReview"] as const;
type Kept = Pick<TaskSpec, (typeof KEPT)[number]>;
export interface Drafted {
  readonly policy: Policy;
  readonly tasks: Readonly<Record<string, Kept>>;
}

/** Not a person's tasks and no reports: a plan of hers gives every task files and an agent. */
export const isHers = ({ human, report }: Pick<TaskSpec, "human" | "report">): boolean => !human && !report;

export function draftedBy({ policy, tasks }: Compiled): Drafted {
  const hers = tasks.flatMap(({ spec }) => (isHers(spec) ? [spec] : []));
  const keptOf = (spec: Kept): Kept =>
    Object.fromEntries(KEPT.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]]))) as unknown as Kept;
  return { policy, tasks: Object.fromEntries(hers.map((spec) => [spec.id, keptOf(spec)])) };
}

/** What holds for one role alone falls away with it: who leads several, and who takes a failed task up. */
export function withDrafted(spec: TaskSpec, drafted: Drafted | null): TaskSpec {
  const found = drafted !== null && Object.hasOwn(drafted.tasks, spec.id) ? drafted.tasks[spec.id] : undefined;
  if (!found) return spec;
  const { role, mode, escalate, ...same } = found;
  return {
    ...{ ...spec, ...same },
    ...(mode && role === spec.role ? { mode } : {}),
    ...(escalate === undefined || escalate === spec.role ? {} : { escalate }),
  };
}
