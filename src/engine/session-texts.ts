/** The messages a session gets from skep, composed when they are handed over: reads the prose, knows the surroundings. */
import type { SessionId } from "../base/ids.ts";
import { renderBriefing, type Surroundings } from "../domain/briefing.ts";
import { type BriefingFacts, briefingFacts } from "../domain/briefing-facts.ts";
import { renderCollabRequest, resultPart, type TogetherSurroundings } from "../domain/collab-request.ts";
import type { OwedTurn } from "../domain/model.ts";
import type { Shown } from "../domain/modes/sees.ts";
import { type PlanSurroundings, renderPlanRequest, renderPlanReviewRequest } from "../domain/plan-request.ts";
import { readTexts, type Texts } from "../domain/prose.ts";
import { type ReviewSurroundings, renderReviewRequest } from "../domain/review-request.ts";
import { renderHandOff, renderTurn, type TurnFacts, turnFacts } from "../domain/turns.ts";
import { renderVerifyRequest } from "../domain/verify-request.ts";
import { changedFiles } from "../git/changes.ts";
import { readDiff } from "../git/diff.ts";
import { lasting } from "../git/lasting.ts";
import { lostLines } from "../git/lost-lines.ts";
import { attemptBranch } from "../git/refs.ts";
import { changesSince } from "../git/since-review.ts";
import { fileText } from "./base-files.ts";
import { checkNames } from "./check-orders.ts";
import { owed, type World } from "./effects/effect.ts";
import { reviewRules, taskRules } from "./told-rules.ts";

/** Instruction files of the project; CLIs are told not to read settings of a worktree, so their text comes from the base. */
const PROJECT_FILES = ["AGENTS.md", "CLAUDE.md"];

type Around = ReviewSurroundings & PlanSurroundings & TogetherSurroundings;
type TextWorld = Pick<World, "swarm" | "settings" | "repo">;

/** The first message of a session: its job, whole. */
export async function firstMessage(session: SessionId, world: TextWorld): Promise<string> {
  const { swarm } = world;
  const facts = owed(briefingFacts(swarm.state, session));
  const handOff = swarm.state.sessions.get(session)?.handOff ?? null;
  const texts = await readTexts(facts, (prose) => swarm.read(prose));
  const around = { ...(await surroundings(facts, world)), ...(await places(facts, world)) };
  const text = briefing(facts, texts, around);
  return handOff === null ? text : `${renderHandOff(handOff)}\n\n${text}`;
}

function briefing(facts: BriefingFacts, texts: Texts, around: Around): string {
  switch (facts.kind) {
    case "task":
      return `${renderBriefing(facts, texts, around)}${resultPart(facts.together, texts, around)}`;
    case "collab":
      return renderCollabRequest(facts, texts, around);
    case "review":
      return renderReviewRequest(facts, texts, around);
    case "verify":
      return renderVerifyRequest(facts, texts, around);
    case "plan":
      return renderPlanRequest(facts, texts, around);
    case "plan_review":
      return renderPlanReviewRequest(facts, texts, around);
    default: {
      const never: never = facts;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

/** After a host's restart: the session goes on where it was. */
export const resumeMessage = (session: SessionId, world: TextWorld): Promise<string> => message(session, "resume", [], world);

/** After a person worked in it. */
export const returnedMessage = (session: SessionId, world: TextWorld): Promise<string> => message(session, "returned", [], world);

export async function turnMessage(session: SessionId, turn: OwedTurn, world: TextWorld): Promise<string> {
  const opening = await message(session, turn.kind, turn.reasons, world);
  return turn.kind === "job" ? `${opening}\n${await firstMessage(session, world)}` : opening;
}

/** A word to a session that is stuck, and the last question before it is ended. */
export const stuckMessage = (session: SessionId, kind: "stalled" | "idle" | "probe", world: TextWorld): Promise<string> =>
  message(session, kind, [], world);

async function message(session: SessionId, kind: TurnFacts["kind"], reasons: OwedTurn["reasons"], { swarm }: TextWorld): Promise<string> {
  const facts = owed(turnFacts(swarm.state, session, kind, reasons));
  return renderTurn(facts, await readTexts(facts, (prose) => swarm.read(prose)));
}

async function surroundings(facts: BriefingFacts, { swarm, settings, repo }: TextWorld): Promise<Surroundings> {
  const { base } = swarm.state;
  const textOf = (file: string): Promise<string | null> =>
    lasting(`text ${file} ${repo.commonDir}`, [base], () => fileText(repo.commonDir, base, file));
  const read = await Promise.all(PROJECT_FILES.map(async (file) => ({ file, text: (await textOf(file)) ?? "" })));
  // One file under both names, as many projects have it, is told once.
  const project = read.filter(({ text }, index) => text.trim() !== "" && read.findIndex((other) => other.text === text) === index);
  // Those of the task's own role, whoever reads about it; a plan is told of what every task must pass.
  const about = ("task" in facts ? swarm.state.tasks.get(facts.task) : undefined) ?? { role: "", files: [] };
  return { checks: checkNames(settings, about), project };
}

async function places(facts: BriefingFacts, { swarm, settings, repo }: TextWorld): Promise<Around> {
  if (facts.kind === "collab") return { works: await worksOf(facts, facts.stands, repo), ...taskRules(settings, facts.files) };
  if (facts.kind === "task") {
    const works = facts.together ? await worksOf(facts.together, facts.prior?.sha ?? null, repo) : {};
    return { branch: attemptBranch(swarm.id, facts.task, facts.attempt), works, ...taskRules(settings, facts.files) };
  }
  if (facts.kind === "plan") return { titles: Object.fromEntries(Object.values(settings.roles).map(({ id, title }) => [id, title])) };
  if (facts.kind !== "review" || facts.base === null) return {};
  const files = await changedFiles(repo.commonDir, facts.base, facts.sha);
  const rules = reviewRules(
    settings,
    files.map(({ path }) => path),
  );
  const { base, sha, clash, reviewed } = facts;
  return {
    changed: files.map(({ path, additions, deletions }) => ({ path, added: additions ?? 0, removed: deletions ?? 0 })),
    ...rules,
    ...(reviewed === null ? {} : { since: await changesSince(repo.commonDir, reviewed, { sha, base }) }),
    ...(clash === null ? {} : { lost: await lostLines(repo.commonDir, { task: clash, merged: base, result: sha }) }),
  };
}

/** The changes of works that are shown beside the one the worktree holds. */
async function worksOf(
  { shown, start }: { readonly shown: readonly Shown[]; readonly start: string },
  held: string | null,
  repo: World["repo"],
): Promise<Record<string, string>> {
  const shas = shown.flatMap(({ what, sha }) => (what === "work" && sha !== null && sha !== held ? [sha] : []));
  const diffs = shas.map(async (sha) => [sha, (await readDiff(repo, start, sha)).pages[0] ?? "No line differs."] as const);
  return Object.fromEntries(await Promise.all(diffs));
}
