/** The first message of a verifier: one point of a review, and nothing else of it. */
import type { SessionId, TaskId } from "../base/ids.ts";
import { joined, type Surroundings, section, taskText } from "./briefing.ts";
import { criterionOf } from "./doubt.ts";
import { fileName, framed, inline } from "./foreign.ts";
import type { Prose, State } from "./model.ts";
import { text as plain, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";

export interface VerifyFacts {
  readonly kind: "verify";
  readonly swarm: string;
  readonly task: TaskId;
  readonly sha: string;
  readonly base: string | null;
  readonly worktree: string | null;
  /** `f2` or `c1`. */
  readonly finding: string;
  /** JSON of the review that raised it. */
  readonly review: Prose;
  /** JSON of TaskText: for the words of a criterion. */
  readonly text: Prose;
}

export function verifyFacts(state: Readonly<State>, id: SessionId): VerifyFacts | null {
  const session = state.sessions.get(id);
  if (session?.job.kind !== "verify") return null;
  const task = state.tasks.get(session.job.task);
  if (!task?.openReview) return null;
  return {
    kind: "verify",
    swarm: state.id,
    task: task.id,
    sha: session.job.sha,
    base: task.base,
    worktree: session.worktree,
    finding: session.job.doubt,
    review: task.openReview.text,
    text: task.text,
  };
}

export function renderVerifyRequest(facts: VerifyFacts, texts: Texts, around: Surroundings = {}): string {
  const { swarm, task, sha, base, worktree, finding } = facts;
  const place = `Swarm ${swarm}, commit ${sha}${base === null ? "" : `, base ${base.slice(0, 12)}`}.`;
  const tree = worktree === null ? "" : ` Its tree is in ${fileName(worktree)}.`;
  const commands = (around.checks ?? []).flatMap(({ name, argv }) =>
    argv === null ? [] : [`- ${inline(name, 60)}: ${inline(argv.join(" "), 200)}`],
  );
  return `${joined([
    `# One point of the review of ${task}: ${finding}\n${place}${tree}`,
    section("Claim", claim(facts, texts)),
    section("Checks you can run", commands.slice(0, 8)),
    section("Next", [
      "The reviewer was not sure. Settle it: read the code, run a test or a small script in the worktree. diff_get shows the change.",
      `Then call finding_verify with task ${task}, sha ${sha} and finding ${finding}: confirmed when it is so, refuted when you have seen that it is not, else cannot_tell.`,
    ]),
  ])}\n`;
}

function claim({ finding, review, text }: VerifyFacts, texts: Texts): readonly string[] {
  const said = parsed(texts(review)) as { readonly findings?: unknown; readonly criteria?: unknown } | null;
  const { criteria } = taskText(texts(text));
  const worded = (n: number): string => framed(criteria[n - 1] ?? `criterion ${n}`);
  const n = criterionOf(finding);
  if (n !== null) {
    const [answer] = records(said?.criteria).filter((one) => one.n === n);
    return [`Criterion ${n} is not met:`, worded(n), ...doubted(plain(answer?.evidence))];
  }
  const [found] = records(said?.findings).filter(({ id }) => id === finding);
  if (!found) return ["It is gone from the review: answer cannot_tell."];
  const at = [plain(found.file), plain(found.line)].filter(Boolean).join(":");
  const criterion =
    typeof found.criterion === "number" ? [`It is said to break criterion ${found.criterion}:`, worded(found.criterion)] : [];
  return [`${inline(plain(found.effect), 40)} at ${fileName(at)}:`, framed(`${plain(found.title)}\n${plain(found.trigger)}`), ...criterion];
}

const doubted = (evidence: string): readonly string[] => (evidence === "" ? [] : ["The reviewer could not tell:", framed(evidence)]);
