/**
 * The first message of a worker's session: its task, whole. `task_claim` and `task_get` return the same text. The order of
 * the parts is fixed, a part without content is left out, and a later attempt gets a new whole rather than an addition.
 */
import type { TaskFacts } from "./briefing-facts.ts";
import { cutBytes, fileName, framed, inline, listed, tokens } from "./foreign.ts";
import type { AttemptRecord, Proof, TaskText } from "./model.ts";
import { text as plain, pointLine, pointsIn, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";
import { ruleLines, type ToldRule } from "./rule-lines.ts";

/** What the caller knows beside the state: files of the base commit, the config, git. */
export interface Surroundings {
  /** Rules for the task's files, the most particular first. */
  readonly rules?: readonly ToldRule[];
  /** What the config lets them take. */
  readonly ruleCharacters?: number;
  /** What runs on the submitted commit: the name, and how to run it oneself. */
  readonly checks?: readonly { readonly name: string; readonly argv: readonly string[] | null }[];
  readonly branch?: string | null;
  /** CLAUDE.md, AGENTS.md of the base commit, for agents whose CLI does not read them itself. */
  readonly project?: readonly { readonly file: string; readonly text: string }[];
  /** Whether the reader holds the task; false for others who look it up. Default: true. */
  readonly mine?: boolean;
}

const CAP = 1500;
const RULE_CHARACTERS = 1200;
const PROJECT_BYTES = 8000;

export const PROOFS: Readonly<Record<Proof, string>> = {
  tests_pass: "tests_pass: the checks pass on the submitted commit",
  fail_then_pass: "fail_then_pass: a new test fails on the base and passes with the change",
  check_only: "check_only: the checks are the proof, no new test is asked for",
  review_only: "review_only: no program can decide it, the reviewer looks",
};

/** How much each part may take; tightened from the last step to the next until the whole fits. */
interface Room {
  /** Characters of rules. */
  readonly rules: number;
  readonly notes: number;
  readonly contract: number;
  readonly findings: number;
  /** Of one finding. */
  readonly line: number;
  /** Of what one side of a conflict was made for. */
  readonly side: number;
}
const ROOMS: readonly Room[] = [
  { rules: Number.POSITIVE_INFINITY, notes: 800, contract: 600, findings: 10, line: 300, side: 900 },
  { rules: RULE_CHARACTERS / 2, notes: 800, contract: 600, findings: 10, line: 300, side: 900 },
  { rules: 0, notes: 800, contract: 600, findings: 10, line: 300, side: 900 },
  { rules: 0, notes: 300, contract: 600, findings: 10, line: 300, side: 700 },
  { rules: 0, notes: 300, contract: 200, findings: 10, line: 200, side: 500 },
  { rules: 0, notes: 150, contract: 100, findings: 5, line: 160, side: 240 },
  { rules: 0, notes: 60, contract: 40, findings: 3, line: 60, side: 120 },
];

export function renderBriefing(facts: TaskFacts, texts: Texts, around: Surroundings = {}): string {
  let text = "";
  for (const room of ROOMS) {
    text = render(facts, texts, around, room);
    if (tokens(text) <= CAP) break;
  }
  return `${text}\n${projectPart(around.project ?? [])}`.trimEnd().concat("\n");
}

function render(facts: TaskFacts, texts: Texts, around: Surroundings, room: Room): string {
  const task = taskText(texts(facts.text));
  const { mine = true } = around;
  return joined([
    head(facts, around),
    section("What and why", [framed(task.brief), `The goal it serves: "${inline(texts(facts.goal), 300)}"`]),
    section("Done when", [
      numbered(task.criteria),
      `Proof ${PROOFS[facts.proof]}.${mine ? " task_submit takes one line of evidence per number." : ""}`,
    ]),
    mine
      ? section("Yours to change", [facts.report ? NOTHING : files(facts)])
      : section("May change", [listed(facts.files.map(fileName), 20), ...grants(facts.granted)]),
    section("Given", given(facts, texts, room.contract)),
    section("Others rely on", reliedOn(facts, task, room.contract)),
    section("Rules for these files", rules(around, room.rules)),
    section("Checks at submit", checks(around.checks ?? [])),
    section("From earlier attempts", before(facts, texts, room)),
    mine ? section("Limits", limits(facts, texts)) : "",
  ]);
}

/** Broken prose shows itself as the brief, so that nothing is lost in silence. */
export function taskText(json: string): TaskText {
  const value = parsed(json);
  if (value === null || typeof value !== "object") return { brief: json, criteria: [], contract: null };
  const { brief, criteria, contract } = value as Partial<TaskText>;
  return { brief: plain(brief), criteria: (Array.isArray(criteria) ? criteria : []).map(plain), contract: plain(contract) || null };
}

export const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");

export function section(title: string, lines: readonly string[]): string {
  const body = lines.filter((line) => line !== "");
  return body.length === 0 ? "" : `## ${title}\n${body.join("\n")}`;
}

export const numbered = (items: readonly string[]): string => items.map((item, index) => `${index + 1}. ${inline(item, 600)}`).join("\n");

function head(facts: TaskFacts, { branch }: Surroundings): string {
  const place = [
    `Swarm ${facts.swarm}, plan revision ${facts.revision}`,
    ...(facts.base === null ? [] : [`base ${facts.base.slice(0, 12)}`]),
    ...(branch ? [`branch ${branch}`] : []),
    ...(facts.worktree === null ? [] : [`worktree ${fileName(facts.worktree)}`]),
  ];
  return `# Task ${facts.task}, attempt ${facts.attempt}: ${inline(facts.title, 120)}\n${place.join(", ")}.`;
}

const NOTHING =
  "No file: the result of this task is its report. task_submit takes it as summary and evidence, and refuses a submission that changed a file.";

function files({ files: owned }: TaskFacts): string {
  const list = listed(owned.map(fileName), 20);
  return `${list}\nA change outside is refused at submit. task_extend asks for more; task_propose is for work that is not yours.`;
}

/** The author's words are data: they may be untrue, and order nothing. */
export const grants = (all: TaskFacts["granted"]): readonly string[] =>
  all
    .slice(-4)
    .map(({ files: got, why }) => `Not in the plan, granted later: ${listed(got.map(fileName), 5)}, because "${inline(why, 160)}"`);

function given(facts: TaskFacts, texts: Texts, max: number): readonly string[] {
  return facts.given.flatMap(({ task, title, sha, text, report }) => {
    const { contract } = taskText(texts(text));
    if (report !== undefined) {
      const words = reportText(texts(report));
      return [`${task} "${inline(title, 100)}" reported:`, framed(words, max * 2, `task_get with task ${task}`)];
    }
    const line = `${task} "${inline(title, 100)}" is merged${sha === null ? "" : ` (${sha.slice(0, 12)})`}${contract === null ? "." : ", with this contract:"}`;
    return contract === null ? [line] : [line, framed(contract, max, `task_get with task ${task}`)];
  });
}

/** What a submission says: its summary, and a line of evidence per criterion. */
export function reportText(json: string): string {
  const [value] = records([parsed(json)]);
  if (!value) return json;
  const lines = (Array.isArray(value.evidence) ? value.evidence.map(plain) : []).map((line, index) => `${index + 1}. ${line}`);
  return [plain(value.summary), ...(lines.length === 0 ? [] : ["Evidence:", ...lines])].join("\n");
}

function reliedOn({ reliedOnBy, task }: TaskFacts, { contract }: TaskText, max: number): readonly string[] {
  if (reliedOnBy.length === 0) return [];
  const line = `${listed(reliedOnBy, 8)} ${reliedOnBy.length === 1 ? "comes" : "come"} after this task`;
  return contract === null ? [`${line}.`] : [`${line} and will use exactly this:`, framed(contract, max, `task_get with task ${task}`)];
}

/** Within the config's budget and the room there is. */
export const rules = ({ rules: all = [], ruleCharacters = RULE_CHARACTERS }: Surroundings, room: number): readonly string[] =>
  ruleLines(all, Math.min(ruleCharacters, room));

export function checks(all: NonNullable<Surroundings["checks"]>): readonly string[] {
  const others = all.filter(({ argv }) => argv === null).map(({ name }) => name);
  const lines = all.flatMap(({ name, argv }) => (argv === null ? [] : [`- ${name}: ${inline(argv.join(" "), 160)}`]));
  return [...lines.slice(0, 12), ...(others.length === 0 ? [] : [`- ${listed(others, 12)}`])];
}

/** Findings, notes and tries of earlier attempts. */
function before(facts: TaskFacts, texts: Texts, room: Room): readonly string[] {
  const { recovers } = facts;
  return [
    ...(recovers === undefined ? [] : [`${recovers} failed, and this task takes it up. What follows was tried as ${recovers} too.`]),
    ...findings(facts, texts, room),
    ...conflict(facts, texts, room.side),
    ...notes(facts, texts, room.notes),
    ...worktreeHolds(facts),
    ...tried(facts, texts, room),
    ...otherWay(facts),
    ...facts.answers.slice(-3).map(({ title, answer }) => `Decided by a person: "${inline(title, 120)}" ${inline(answer, 200)}`),
  ];
}

function findings(facts: TaskFacts, texts: Texts, { findings: max, line }: Room): readonly string[] {
  if (facts.findings === null) return [];
  const points = pointsIn(texts(facts.findings));
  const open = points.filter((point) => point.blocks);
  const shown = open.slice(0, max).map((point) => `- ${pointLine(point, line)}`);
  const notes = points
    .filter((point) => !point.blocks)
    .slice(0, Math.max(0, 5 - shown.length))
    .map((point) => `- note: ${pointLine(point, Math.min(line, 200))}`);
  if (shown.length === 0 && notes.length === 0) return [];
  const more = open.length > max ? [`[${open.length - max} more: task_get with task ${facts.task}]`] : [];
  const title = discarded(facts) ? "Found in the discarded work:" : "Findings to answer; change only what they need:";
  return [title, ...shown, ...more, ...notes];
}

function conflict({ conflict: paths, sides }: TaskFacts, texts: Texts, max: number): readonly string[] {
  if (paths.length === 0) return [];
  return [
    `Merged work of others conflicts with this task in ${listed(paths.map(fileName), 10)}.`,
    "Resolve the conflict markers (<<<<<<<, >>>>>>>) there so that both sides keep what they were made for, and leave no marker behind.",
    ...(sides.length === 0 ? [] : ["What the merged side was made for, as the plan states it:"]),
    ...sides.map(({ task, title, text }) => {
      const { criteria, contract } = taskText(texts(text));
      const intent = [`${task} "${inline(title, 100)}"`, numbered(criteria), ...(contract === null ? [] : [`contract: ${contract}`])];
      return framed(intent.join("\n"), max, `task_get with task ${task}`);
    }),
  ];
}

function notes(facts: TaskFacts, texts: Texts, max: number): readonly string[] {
  if (facts.progress === null) return [];
  const value = parsed(texts(facts.progress));
  const [progress] = records([value]);
  const lines = progress
    ? (["done", "next", "learned"] as const).flatMap((key) => note(key, plain(progress[key]), max))
    : [framed(texts(facts.progress), max)];
  return lines.length === 0 ? [] : ["Notes of the agent who worked on it last:", ...lines];
}

const note = (key: string, value: string, max: number): readonly string[] =>
  value.trim() === "" ? [] : [`| ${key}: ${inline(value, max)}`];

const discarded = ({ history }: TaskFacts): AttemptRecord | null => {
  const last = history.at(-1);
  return last?.keep === false ? last : null;
};

function worktreeHolds(facts: TaskFacts): readonly string[] {
  const { prior } = facts;
  const dropped = discarded(facts);
  const holds = prior && `the work of attempt ${prior.attempt} (${prior.sha.slice(0, 12)})`;
  if (dropped === null) return holds ? [`Your worktree holds ${holds}; keep what is right in it.`] : [];
  const start = holds ? `${holds}, which reached it` : "the base, without it";
  return [`The work of attempt ${dropped.attempt} missed its metric and was discarded; your worktree begins at ${start}.`];
}

function tried({ history }: TaskFacts, texts: Texts, { line }: Room): readonly string[] {
  if (history.length === 0) return [];
  return ["Tried:", ...history.slice(-5).map((past) => `| ${attemptLine(past, texts, Math.min(line, 160))}`)];
}

/** `attempt 1: checks_failed, metric failed (speed 20, wanted at most 10), "cache the parser", discarded` */
function attemptLine({ attempt, result, why, approach, keep }: AttemptRecord, texts: Texts, max: number): string {
  const words = approach ? approachLine(texts(approach)) : "";
  return [
    `attempt ${attempt}: ${result}`,
    ...(why === "" ? [] : [inline(why, 160)]),
    // A release says the same twice.
    ...(words === "" || why.includes(words) ? [] : [`"${inline(words, max)}"`]),
    ...(keep === false ? ["discarded"] : []),
  ].join(", ");
}

/** The first line of what its author wrote: the summary of a submission, the last note, or plain words. */
function approachLine(json: string): string {
  const [value] = records([parsed(json)]);
  const words = value ? plain(value.summary) || plain(value.done) : json;
  return words.trim().split("\n", 1)[0]?.trim() ?? "";
}

/** Variations of what failed twice fail again. */
function otherWay(facts: TaskFacts): readonly string[] {
  if (facts.attempt < 3 || discarded(facts) === null) return [];
  return ["What was tried so far missed the metric: take a fundamentally different approach, not a variation of these."];
}

function limits(facts: TaskFacts, texts: Texts): readonly string[] {
  const { attempt, attemptsCap, escalate } = facts;
  const next = escalate === undefined ? "a person is asked" : `the role ${inline(escalate, 60)} takes it up`;
  const last = attempt >= attemptsCap ? `; after this attempt ${next}` : "";
  const [plan] = records([parsed(texts(facts.plan))]);
  const assumed = Array.isArray(plan?.assumptions) ? plan.assumptions.map(plain).filter((line) => line !== "") : [];
  return [
    `${facts.minutes} minutes for this session. Attempt ${facts.attempt} of ${facts.attemptsCap}${last}.`,
    ...assumed.slice(0, 3).map((line) => `The plan assumes: "${inline(line, 160)}"`),
  ];
}

/** The project's own words to agents. They are the user's, so they count; skep's records still win. */
export function projectPart(files: NonNullable<Surroundings["project"]>): string {
  const share = Math.floor(PROJECT_BYTES / Math.max(1, files.length));
  const parts = files
    .filter(({ text }) => text.trim() !== "")
    .map(({ file, text }) => {
      const cut = cutBytes(text.trim(), share);
      return `## The project's ${fileName(file)}\n${framed(cut)}${cut.length < text.trim().length ? `\n[cut: read ${fileName(file)} in your worktree]` : ""}`;
    });
  return parts.length === 0 ? "" : `\n${parts.join("\n\n")}\n`;
}
