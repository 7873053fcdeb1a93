/** One place's part of one step: taken once, from the session that was started for it, with exactly what was asked for. */
import { type hasGiven, isMyTurn, runningOf, turnOf } from "./collab.ts";
import type { Command } from "./commands.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Session, State } from "./model.ts";
import type { Part, Turn } from "./modes/mode.ts";
import { shownFindings, sightOf } from "./modes/sees.ts";
import { stale } from "./task-rules.ts";

type Contribute = Extract<Command, { type: "contribute" }>;

export function contribute(state: State, command: Contribute, session: Session): Decision {
  const { job } = session;
  if (job.kind !== "collab" || job.task !== command.task)
    return no("NOT_YOURS", `you have no part in what is done together on ${command.task}`, "whoami");
  const task = state.tasks.get(command.task);
  if (!task?.collab) return no("NOT_FOUND", `no task ${command.task} is done together`, "whoami");
  const old = stale(task, command.attempt);
  if (old) return { ok: false, refusal: old };
  if (command.step === job.step && task.collab.attempt === job.attempt && gave(task.collab.given, job)) return already();
  const run = runningOf(task);
  if (command.step !== job.step || !run || !isMyTurn(state, session))
    return no("STALE_STEP", `step ${command.step} of ${task.id} is not yours to give now; yours was ${job.step}`, "whoami");
  const turn = turnOf(run.collab, job.place) as Turn;
  const sight = sightOf(run.mode, run.collab, job.place);
  const wrong = unfit(turn, command, sight === null ? [] : shownFindings(sight));
  if (wrong !== null) return no("CONTRIBUTION_UNFIT", `${job.place} in step ${job.step}: ${wrong}`, "collab_contribute with this mended");
  const { vote, confidence, parts, findings } = command;
  const at = { task: task.id, attempt: task.attempt, step: job.step, place: job.place, seat: session.seat };
  return yes({ type: "contributed", ...at, vote, confidence, parts, findings, writes: turn.writes });
}

const gave = (
  given: Parameters<typeof hasGiven>[0]["given"],
  { step, place }: { readonly step: number; readonly place: string },
): boolean => given.some((one) => one.step === step && one.place === place);

/** What does not fit the step, in words; null: all of it does. */
function unfit(turn: Turn, { parts, vote, judged }: Contribute, shown: readonly string[]): string | null {
  const wanted: readonly Part[] = ["notes", ...turn.makes];
  const given = parts.map(({ what }) => what);
  const missing = wanted.filter((part) => !given.includes(part));
  if (missing.length > 0) return `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  const odd = given.filter((part) => !wanted.includes(part));
  if (odd.length > 0) return `${odd.join(", ")} ${odd.length === 1 ? "is" : "are"} not asked for in this step`;
  if (vote !== null && !turn.votes) return "no vote is asked for in this step";
  if (!turn.makes.includes("judgements")) return null;
  const ids = judged.map(({ finding }) => finding);
  const unknown = ids.filter((id) => !shown.includes(id));
  if (unknown.length > 0) return `${unknown.join(", ")} is no finding you were shown`;
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return `${twice} is judged twice`;
  const open = shown.filter((id) => !ids.includes(id));
  return open.length > 0 ? `${open.join(", ")} ${open.length === 1 ? "is" : "are"} not judged` : null;
}
