/** What `whoami` answers: the facts with their prose, cut to size. A field is present only if it says something. */
import { taskText } from "./briefing.ts";
import { fileName, inline, tokens } from "./foreign.ts";
import { text as plain, pointsIn, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";
import type { PlanPart, TaskPart, WhoamiFacts } from "./whoami-facts.ts";

/** What only the caller knows. */
export interface WhoamiSurroundings {
  /** Version of the role file the session was started with. */
  readonly roleVersion?: number;
  readonly branch?: string | null;
  readonly head?: string | null;
  /** Changed and uncommitted files of the worktree. */
  readonly dirty?: readonly string[];
  readonly mail?: { readonly unread: number; readonly from: readonly string[] };
  readonly rules?: readonly string[];
}

export type Whoami = Readonly<Record<string, unknown>> & { readonly agent: string; readonly next: string };

const CAP = 400;
/** Longest lists and texts, tightened until the answer fits. */
const ROOMS = [
  { items: 8, chars: 240 },
  { items: 5, chars: 160 },
  { items: 5, chars: 80 },
  { items: 3, chars: 60 },
  { items: 2, chars: 40 },
  { items: 1, chars: 24 },
] as const;
type Room = (typeof ROOMS)[number];

/** Compact facts for the model, at most 400 tokens; what was cut says where the rest is. */
export function whoamiAnswer(facts: WhoamiFacts, texts: Texts, around: WhoamiSurroundings = {}): Whoami {
  let answer = compose(facts, texts, around, ROOMS[0]);
  for (const room of ROOMS.slice(1)) {
    if (tokens(JSON.stringify(answer)) <= CAP) break;
    answer = compose(facts, texts, around, room);
  }
  return answer;
}

function compose(facts: WhoamiFacts, texts: Texts, around: WhoamiSurroundings, room: Room): Whoami {
  const { agent, role, swarm, task, plan, next } = facts;
  const fields = {
    role,
    role_version: around.roleVersion,
    swarm,
    status: facts.status === "running" ? undefined : facts.status,
    goal: inline(texts(facts.goal), Math.min(160, room.chars * 2)),
    job: jobOf(facts),
    task: task && taskFields(task, texts, room),
    plan: plan && planFields(plan, texts, room),
    worktree: facts.worktree === null ? null : fileName(facts.worktree),
    branch: around.branch,
    base: facts.base?.slice(0, 12),
    head: around.head?.slice(0, 12),
    dirty: list(
      (around.dirty ?? []).map((file) => inline(file, 80)),
      room.items,
      "git status",
    ),
    progress: task?.progress ? progress(texts(task.progress), room) : null,
    findings: task?.findings ? findings(texts(task.findings), room, `task_get`) : null,
    waiting_on: list(
      facts.gates.map(({ id, title, minutes }) => `${id} "${inline(title, room.chars)}" for ${minutes} min`),
      room.items,
      "task_list",
    ),
    limits: limits(facts),
    mail: around.mail && around.mail.unread > 0 ? { unread: around.mail.unread, from: around.mail.from.slice(0, room.items) } : null,
    rules: list(around.rules ?? [], room.items, "task_get"),
  };
  return { agent, ...present(fields), next };
}

/** The job as the tools take it: their own argument names. */
function jobOf({ job, plan }: WhoamiFacts): object {
  switch (job.kind) {
    case "plan":
      return { kind: "plan" };
    case "plan_review":
      return present({ kind: "plan_review", revision: job.revision, plan_hash: plan?.hash });
    case "task":
      return { kind: "task", task: job.task, attempt: job.attempt };
    case "review":
      return present({ kind: "review", task: job.task, sha: job.sha, round: job.round, as: job.as });
    case "verify":
      return { kind: "verify", task: job.task, sha: job.sha, finding: job.doubt };
    case "collab":
      return { kind: "collab", task: job.task, attempt: job.attempt, place: job.place, step: job.step };
    default: {
      const never: never = job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

function taskFields(task: TaskPart, texts: Texts, room: Room): object {
  const { id, status, attempt, proof } = task;
  return present({
    id,
    title: inline(task.title, Math.min(100, room.chars)),
    status,
    attempt,
    round: task.rounds > 0 ? task.rounds + 1 : undefined,
    criteria: list(
      taskText(texts(task.text)).criteria.map((line) => inline(line, room.chars)),
      room.items,
      "task_get",
    ),
    files: list(
      task.files.map((file) => inline(file, 80)),
      room.items,
      "task_get",
    ),
    proof,
    tried: list(
      task.history.map((past) => `${past.attempt}: ${past.result}`),
      room.items,
      "task_get",
    ),
  });
}

function planFields(plan: PlanPart, texts: Texts, room: Room): object {
  return present({
    revision: plan.revision,
    status: plan.status,
    findings: plan.findings === null ? null : findings(texts(plan.findings), room, "plan_submit answers them"),
    tasks: Object.keys(plan.tasks).length > 0 ? plan.tasks : null,
    needs_you: list(
      plan.needs.map(({ task, what, title }) => `${task} ${what}: ${inline(title, room.chars)}`),
      room.items,
      "task_list",
    ),
    usd: plan.usdCap === null ? null : `${plan.usd.toFixed(2)} of ${plan.usdCap.toFixed(2)}`,
  });
}

function progress(json: string, { chars }: Room): object | null {
  const [note] = records([parsed(json)]);
  if (!note) return { note: inline(json, chars) };
  return present(Object.fromEntries((["done", "next", "learned"] as const).map((key) => [key, inline(plain(note[key]), chars) || null])));
}

function findings(json: string, { items, chars }: Room, rest: string): readonly unknown[] | null {
  const points = pointsIn(json).filter((point) => point.blocks);
  const shown = points.slice(0, items).map(({ id, effect, at, what }) => present({ id, effect, at, title: inline(what, chars) }));
  if (shown.length === 0) return null;
  return points.length > items ? [...shown, `+${points.length - items} more: ${rest}`] : shown;
}

function limits({ minutesLeft, task, job }: WhoamiFacts): object | null {
  const worker = job.kind === "task";
  const fields = present({
    minutes_left: minutesLeft,
    attempts_left: worker ? task?.attemptsLeft : null,
    rounds_left: worker ? task?.roundsLeft : null,
  });
  return Object.keys(fields).length > 0 ? fields : null;
}

function list(items: readonly string[], max: number, rest: string): readonly string[] | null {
  if (items.length === 0) return null;
  return items.length > max ? [...items.slice(0, max), `+${items.length - max} more: ${rest}`] : items;
}

const present = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ""));
