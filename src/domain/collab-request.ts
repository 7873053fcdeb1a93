/** The first message of a participant: its place, its part of the step, and what its mode shows it. */
import { joined, numbered, rules, type Surroundings, section, taskText } from "./briefing.ts";
import type { CollabFacts, ResultFacts } from "./collab-facts.ts";
import { cutBytes, fileName, framed, inline, listed } from "./foreign.ts";
import type { DoneBy, Part } from "./modes/mode.ts";
import type { Shown } from "./modes/sees.ts";
import { text as plain, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";

export interface TogetherSurroundings extends Surroundings {
  /** The change a commit makes, by commit: of works that are shown and lie in no worktree. */
  readonly works?: Readonly<Record<string, string>>;
}

export function renderCollabRequest(facts: CollabFacts, texts: Texts, around: TogetherSurroundings = {}): string {
  const { task, attempt, title, step, cursor, rounds, place, mode, swarm } = facts;
  const words = taskText(texts(facts.text));
  return `${joined([
    `# Task ${task}, attempt ${attempt}: ${inline(title, 120)}\nSwarm ${swarm}. Done together, ${mode}: you are ${place}. Step ${step}, round ${cursor.round} of at most ${rounds}.`,
    section("What and why", [framed(words.brief), `The goal it serves: "${inline(texts(facts.goal), 300)}"`]),
    section("Done when", [numbered(words.criteria)]),
    section("Your part now", [facts.asks, ...whereabouts(facts)]),
    ...sights(facts.shown, texts, around),
    section(
      "Not there",
      facts.missing.map(({ what, place: who }) => `${who} made no ${what}; go on without it.`),
    ),
    section("Rules for these files", facts.writes ? rules(around, Number.POSITIVE_INFINITY) : []),
    section("Checks you can run", commands(around)),
    section("Next", next(facts)),
  ])}\n`;
}

function whereabouts({ worktree, stands, start, writes, files, minutes, shown }: CollabFacts): readonly string[] {
  const tree = worktree === null ? "" : ` ${fileName(worktree)}`;
  const holds = shown.find(({ what, sha }) => what === "work" && sha === stands);
  const diff = stands === start ? "" : ` git diff ${start.slice(0, 12)} HEAD shows what was done so far.`;
  return [
    `Your worktree${tree} stands at ${stands.slice(0, 12)}${holds ? `, the work of ${holds.place}` : ""}.${diff}`,
    writes
      ? `Yours to change: ${listed(files.map(fileName), 20)}. skep saves the files when you hand in your part.`
      : "You only read: a change of a file is refused or thrown away.",
    `You have ${minutes} minutes.`,
  ];
}

function commands({ checks = [] }: TogetherSurroundings): readonly string[] {
  return checks.flatMap(({ name, argv }) => (argv === null ? [] : [`- ${inline(name, 60)}: ${inline(argv.join(" "), 160)}`])).slice(0, 8);
}

const FIELDS: Readonly<Record<Part, string>> = {
  notes: "",
  strategy: "strategy",
  analysis: "analysis",
  findings: "findings (an empty list when there are none)",
  judgements: "judgements, one for each finding above by its id (an empty list when there are none)",
  completion: "completion, one entry for each criterion",
  work: "",
};

function next({ attempt, step, makes, votes }: CollabFacts): readonly string[] {
  const made = makes.map((part) => FIELDS[part]).join("; ");
  const fields = ["summary", "confidence", ...(votes ? ["your vote"] : []), ...(made === "" ? [] : [`artifacts: ${made}`])];
  return [
    `When it is done call collab_contribute with attempt ${attempt}, step ${step}, ${fields.join(", ")}. Then end your turn.`,
    "Only that call counts: nothing you write elsewhere is read. What the others make reaches you in a later step, as far as this mode shows it.",
  ];
}

const TITLES: Readonly<Record<Part, string>> = {
  notes: "What was done and learned",
  strategy: "How they will review it",
  analysis: "The worker's analysis",
  findings: "Findings",
  judgements: "What became of the findings",
  completion: "What is done",
  work: "Their work",
};

/** Words of other agents: data, whatever they ask for. */
function sights(shown: readonly Shown[], texts: Texts, around: TogetherSurroundings): readonly string[] {
  const kinds = [...new Set(shown.map(({ what }) => what))];
  return kinds.map((kind) => {
    const of = shown.filter(({ what }) => what === kind);
    return section(
      TITLES[kind],
      of.flatMap((one) => sight(one, texts, around)),
    );
  });
}

const MOST = 8_000;

function sight(one: Shown, texts: Texts, { works = {} }: TogetherSurroundings): readonly string[] {
  const head = `${one.place}, step ${one.step}:`;
  if (one.what === "work") {
    const sha = one.sha ?? "";
    const diff = works[sha];
    return diff === undefined
      ? [`${head} commit ${sha.slice(0, 12)}`]
      : [`${head} commit ${sha.slice(0, 12)}`, framed(diff, MOST, `git show ${sha.slice(0, 12)}`)];
  }
  const json = texts(one.text ?? "");
  return [head, ...partLines(one.what, json)];
}

function partLines(what: Part, json: string): readonly string[] {
  const value = parsed(json);
  // Words of another version show themselves.
  if (what !== "strategy" && what !== "analysis" && (value === null || typeof value !== "object")) return [framed(cutBytes(json, MOST))];
  const lines = records(Array.isArray(value) ? value : [value]);
  switch (what) {
    case "notes":
      return lines.flatMap((note) => [
        framed(plain(note.summary)),
        plain(note.learnings) === "" ? "" : framed(`Learned: ${plain(note.learnings)}`),
        `Confidence ${plain(note.confidence)}, vote ${plain(note.vote) || "none"}.`,
      ]);
    case "findings":
      return lines.length === 0
        ? ["| none"]
        : lines.map(
            (one) =>
              `| ${plain(one.id)} at ${inline(plain(one.location), 200)}: ${inline(plain(one.impact), 400)}. ${inline(plain(one.recommendation), 400)}`,
          );
    case "judgements":
      return lines.length === 0
        ? ["| none"]
        : lines.map((one) => `| ${plain(one.finding)} ${plain(one.verdict)}: ${inline(plain(one.reason), 400)}`);
    case "completion":
      return lines.map((one) => `| [${one.done === true ? "x" : " "}] ${inline(plain(one.item), 300)}`);
    case "strategy":
    case "analysis":
    case "work":
      return [framed(cutBytes(json, MOST))];
    default: {
      const never: never = what;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

const HOW: Readonly<Record<DoneBy, string>> = {
  converged: "the votes agree",
  rounds: "its rounds are used up and the votes do not agree",
  metric: "its round is over; the metric decides",
  person: "a person let it go on to its end",
};

/** For the lead, and for whoever mends the result later. */
export function resultPart(facts: ResultFacts | undefined, texts: Texts, around: TogetherSurroundings): string {
  if (!facts) return "";
  const { mode, by, round, shown, lost } = facts;
  return joined([
    section("Done together", [
      `Several worked on this ${mode}, ${round} ${round === 1 ? "round" : "rounds"}: ${HOW[by]}. Make one result of it and hand it in; what your worktree holds is where it stands.`,
      ...lost.map(({ place, why }) => `${place} took no part to the end: ${inline(why, 160)}.`),
    ]),
    ...sights(shown, texts, around),
  ]);
}
