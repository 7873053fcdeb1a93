/** How an audit becomes a swarm: merged changes are planted, the reviewers of a team are seated, and its first commit is written. */
import { SkepError } from "../../base/errors.ts";
import { asId, mintId, type SwarmId, sha256, type TaskId } from "../../base/ids.ts";
import { limitsOf } from "../../config/effective.ts";
import type { AuditItem, AuditManifest, AuditOrder } from "../../domain/audit.ts";
import type { OperatorCommand } from "../../domain/commands.ts";
import { count } from "../../domain/foreign.ts";
import type { SeatSpec, TaskSpec } from "../../domain/model.ts";
import { isRiskSeat } from "../../domain/review-queue.ts";
import type { Repo } from "../../git/git.ts";
import { findProject } from "../../git/project.ts";
import type { Born, SwarmHandle } from "../api.ts";
import { type Birth, findRepeated, refuseMissing } from "../create-swarm.ts";
import { fullRoles, readBaseSettings, teamSeats } from "../settings.ts";
import { type Pair, plantIn } from "./plant.ts";
import { type AuditSource, auditSources } from "./sources.ts";

export interface AuditWish {
  /** null: every swarm of the project. */
  readonly swarm: SwarmId | null;
  /** How many merged changes at most. */
  readonly count: number;
  readonly seed: number;
  readonly team: string | null;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** The same wish again answers with the audit that is at work on it; after its end it begins anew, with the same defects. */
export async function createAudit(wish: AuditWish, birth: Birth, repo: Repo): Promise<Born> {
  const key = `audit:${sha256(JSON.stringify(wish))}`;
  const swarms = await birth.swarms();
  const first = await findRepeated(swarms, key, false);
  if (first) return { handle: first, repeated: true, unseen: [] };
  const sources = await wantedSources(wish, swarms);
  const { root, env, harnesses } = birth;
  const project = await findProject({ explicit: root, env: {}, cwd: root });
  const tools = birth.tools ? { tools: birth.tools } : {};
  const settings = await readBaseSettings({ root, base: project.head, team: wish.team, env, flags: wish.flags, ...tools });
  const seats = reviewersOf(teamSeats(settings, harnesses));
  const full = fullRoles(settings, seats);
  await refuseMissing(seats, settings, harnesses, env);
  const pairs = await plant(repo, wish, sources);
  const id = mintId<SwarmId>("s");
  const handle = await birth.place(id);
  const title = `Audit of the reviewers on ${count(pairs.length, "merged change")}, seed ${wish.seed}`;
  const command: OperatorCommand = {
    type: "create_swarm",
    swarm: id,
    // The one text of these that its agents can read.
    goal: "Review each change",
    title,
    team: settings.team.id,
    solo: true,
    base: project.head,
    branch: "",
    target: null,
    unseen: [],
    settings: await handle.keep(JSON.stringify(settings)),
    limits: limitsOf(settings.config),
    seats,
    ...(full.length > 0 ? { full } : {}),
    task: null,
    audit: await orderOf(pairs, wish.seed, handle),
  };
  const answer = await handle.submit(command, { kind: "operator" }, key);
  if (!answer.ok) throw new SkepError(answer.refusal.code, answer.refusal.message, answer.refusal.next);
  return { handle, repeated: false, unseen: [] };
}

/** Each review in a session of its own, or the second of two twins would be read by who knows the first. */
const reviewersOf = (team: readonly SeatSpec[]): readonly SeatSpec[] =>
  team.filter((seat) => seat.duty === "reviewer" && !isRiskSeat(seat)).map(({ keeps: _, ...seat }) => seat);

interface Planted {
  readonly source: AuditSource;
  readonly pair: Pair;
}

async function wantedSources({ swarm }: AuditWish, swarms: readonly SwarmHandle[]): Promise<readonly AuditSource[]> {
  const sources = await auditSources(swarms.filter(({ id }) => swarm === null || id === swarm));
  if (sources.length > 0) return sources;
  const where = swarm ?? "this project";
  throw new SkepError(
    "NOTHING_TO_AUDIT",
    `no task of ${where} was merged yet, so there is no change to plant a defect in`,
    'skep run "<goal>"',
  );
}

async function plant(repo: Repo, { swarm, count: most, seed }: AuditWish, sources: readonly AuditSource[]): Promise<readonly Planted[]> {
  const planted: Planted[] = [];
  for (const source of sources) {
    if (planted.length === most) break;
    const pair = await plantIn(
      repo,
      source.sha,
      seed,
      planted.map((one) => one.pair.defect.defect),
    );
    if (pair) planted.push({ source, pair });
  }
  if (planted.length > 0) return planted;
  throw new SkepError(
    "NOTHING_TO_AUDIT",
    `none of ${count(sources.length, "merged change")} added a line of code that skep knows how to break`,
    swarm === null ? 'skep run "<goal>", and the same command when more code was merged' : "skep review-audit, over all swarms",
  );
}

/** Two items for each change, in an order that tells nothing. */
async function orderOf(planted: readonly Planted[], seed: number, handle: SwarmHandle): Promise<AuditOrder> {
  const twins = planted.flatMap((one) => [true, false].map((broken) => ({ ...one, broken })));
  const rank = new Map(twins.map((one, index) => [one, sha256(`${seed}\0${index}`)] as const));
  const shuffled = [...twins].sort((a, b) => ((rank.get(a) ?? "") < (rank.get(b) ?? "") ? -1 : 1));
  const made = await Promise.all(
    shuffled.map(async ({ source, pair, broken }, index) => {
      const task = asId<TaskId>(`t${index + 1}`);
      if (!task) throw new Error("a letter and a number are an id");
      const spec = await specOf(task, source, handle);
      const item: AuditItem = {
        task,
        from: { swarm: source.swarm, task: source.task, title: source.title, sha: source.sha },
        planted: broken ? pair.defect : null,
      };
      return { item, order: { spec, base: pair.base, sha: broken ? pair.planted : pair.clean } };
    }),
  );
  const manifest: AuditManifest = { seed, items: made.map(({ item }) => item) };
  return { manifest: await handle.keep(JSON.stringify(manifest)), items: made.map(({ order }) => order) };
}

/** The merged task once more, word for word; who looks at risk has no seat here. */
const specOf = async (id: TaskId, { title, role, files, criteria, proof, text }: AuditSource, handle: SwarmHandle): Promise<TaskSpec> => ({
  ...{ id, title, role, files, criteria, proof },
  after: [],
  meets: [1],
  risk: "normal",
  text: await handle.keep(text),
});
