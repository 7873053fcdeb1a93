/** How a goal becomes a swarm: everything it will work by is read at one commit and pinned, then its first commit is written. */
import { SkepError } from "../base/errors.ts";
import { asId, mintId, type SwarmId, sha256, type TaskId } from "../base/ids.ts";
import { limitsOf } from "../config/effective.ts";
import type { OperatorCommand } from "../domain/commands.ts";
import { estimate } from "../domain/estimate.ts";
import { OVER, type SeatSpec, type TaskSpec, type TaskText } from "../domain/model.ts";
import { dirtyFiles, findProject } from "../git/project.ts";
import { swarmBranch } from "../git/refs.ts";
import type { Born, CreateOrder, SwarmHandle } from "./api.ts";
import { type Continuation, continuation } from "./continue-from.ts";
import { reckonBy } from "./experience.ts";
import { growing, joiners } from "./joiners.ts";
import { draftedBy } from "./pipeline/drafted.ts";
import type { PipelineOrder } from "./pipeline/order.ts";
import { keptBytes } from "./retention.ts";
import { choiceOf, fullRoles, type Harnesses, readBaseSettings, type Settings, type SettingsOrder, teamSeats } from "./settings.ts";

export interface Birth extends Pick<SettingsOrder, "root" | "env" | "tools"> {
  /** `<git-common-dir>/skep`. */
  readonly home: string;
  readonly harnesses: Harnesses;
  /** All swarms that can be read. */
  swarms(): Promise<readonly SwarmHandle[]>;
  /** A place for a new one. */
  place(id: SwarmId): Promise<SwarmHandle>;
}

const LONGEST_GOAL_BYTES = 64 * 1024;
const LONGEST_TITLE = 100;
const MOST_CRITERIA = 8;
const LONGEST_CRITERION = 500;
/** Names of unseen files kept in the log; there may be thousands. */
const MOST_UNSEEN = 50;

export async function createSwarm(order: CreateOrder, birth: Birth): Promise<Born> {
  const { root, env, harnesses } = birth;
  const project = await findProject({ explicit: root, env: {}, cwd: root });
  const tools = birth.tools ? { tools: birth.tools } : {};
  const pipelines = order.pipeline ? await import("./pipeline/run.ts") : null;
  const run = pipelines && order.pipeline ? await pipelines.fillRun(order.pipeline, { root, base: project.head, ...tools }) : null;
  const goal = checkedGoal(run?.goal ?? order.goal);
  const key = keyOf(order, goal);
  const swarms = await birth.swarms();
  const first = await findRepeated(swarms, key, order.key !== undefined);
  if (first) return { handle: first, repeated: true, unseen: await first.look((state) => [...state.unseen]) };
  const from = order.continueFrom === undefined ? null : await continuation(swarms, order.continueFrom, project);
  const team = order.team ?? run?.draft.team ?? null;
  const read = await readBaseSettings({ root, base: project.head, team, env, flags: order.flags, ...tools });
  const settings: Settings = { ...read, pipeline: run?.pinned ?? null };
  const unseen = shorten(await dirtyFiles(root));
  const seats = teamSeats(settings, harnesses);
  const grows = await joiners({ settings, harnesses, team: seats, env });
  const full = fullRoles(settings, [...seats, ...grows]);
  await refuseMissing([...seats, ...grows], settings, harnesses, env);
  const limits = growing(limitsOf(settings.config), grows);
  const reckoning = await reckonBy(swarms);
  const id = mintId<SwarmId>("s");
  const drafts = order.pipeline?.draft === true;
  const plan = pipelines && run ? pipelines.compiledFor(id, run, { settings, seats, limits: drafts ? null : limits }) : null;
  const draft = pipelines && run && plan && drafts ? pipelines.draftOfRun(run, plan, settings) : null;
  const pinned = draft && plan && settings.pipeline ? { ...settings.pipeline, drafted: draftedBy(plan) } : settings.pipeline;
  const handle = await birth.place(id);
  const command: OperatorCommand = {
    type: "create_swarm",
    swarm: id,
    goal: await handle.keep(goal),
    title: titleOf(goal),
    team: settings.team.id,
    solo: settings.team.solo,
    base: project.head,
    branch: swarmBranch(id),
    target: project.branch,
    unseen,
    settings: await handle.keep(JSON.stringify({ ...settings, pipeline: pinned })),
    limits,
    seats,
    ...(full.length > 0 ? { full } : {}),
    ...(reckoning === null ? {} : { reckoning, estimate: estimate(reckoning, settings.team.solo && run === null) }),
    ...(from === null ? {} : { continues: { swarm: from.swarm, brief: await handle.keep(from.brief) } }),
    task: settings.team.solo && run === null ? await onlyTask(goal, from, settings, handle) : null,
    ...(pipelines && run && plan && !drafts ? { plan: await pipelines.planOfRun(run, plan, handle) } : {}),
    ...(draft === null ? {} : { draft: await handle.keep(draft) }),
  };
  const answer = await handle.submit(command, { kind: "operator" }, key);
  if (!answer.ok) throw new SkepError(answer.refusal.code, answer.refusal.message, answer.refusal.next);
  const room = overRoom(birth.home, settings.config.retention.diskMb);
  return { handle, repeated: false, unseen, ...(from?.missing ? { missing: from.missing } : {}), ...(room === null ? {} : { room }) };
}

/** What to say of the room on disk when it is used up; null: there is some. */
function overRoom(home: string, diskMb: number): string | null {
  const used = Math.ceil(keptBytes(home) / 1024 ** 2);
  return used > diskMb ? `skep keeps ${used} MiB of earlier swarms here, ${diskMb} are set as retention.diskMb: skep gc` : null;
}

/** What makes two calls the same wish. */
function keyOf({ key, team, continueFrom, pipeline }: CreateOrder, goal: string): string {
  const more = [...(continueFrom === undefined ? [] : [continueFrom]), ...(pipeline === undefined ? [] : [sameWish(pipeline)])];
  const from = more.map((one) => `\0${one}`).join("");
  return `create:${sha256(key === undefined ? `goal\0${team ?? ""}\0${goal}${from}` : `key\0${key}`)}`;
}

/** The order in which things were given says nothing. */
function sameWish({ name, vars, set, draft = false }: PipelineOrder): string {
  const sorted = (given: object): unknown => Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, sorted(vars), sorted(set), draft]);
}

function checkedGoal(text: string): string {
  const goal = text.trim();
  if (goal === "") throw new SkepError("NO_GOAL", "the goal is empty", "the same call with a goal that says what shall be true at the end");
  const bytes = Buffer.byteLength(goal);
  if (bytes <= LONGEST_GOAL_BYTES) return goal;
  const next = "commit the long text as a file, then the same call with a short goal that names the file";
  throw new SkepError("TOO_LARGE", `the goal has ${bytes} bytes, at most ${LONGEST_GOAL_BYTES} are taken`, next);
}

/** Better said now than by a gate that opens when the first session does not start. */
export async function refuseMissing(
  seats: readonly Omit<SeatSpec, "seat">[],
  settings: Settings,
  harnesses: Harnesses,
  env: Birth["env"],
): Promise<void> {
  const asked = new Set<string>();
  for (const { role, harness, fallbacks = [] } of seats)
    for (const id of [harness, ...fallbacks.map((other) => other.harness)]) {
      const own = choiceOf(settings, role, id).settings;
      const question = `${id} ${JSON.stringify(own)}`;
      if (asked.has(question)) continue;
      asked.add(question);
      const found = await harnesses.get(id)?.detect?.(env, own);
      if (found && !found.found) throw new SkepError("HARNESS_MISSING", `the harness ${id} cannot be used: ${found.why}`, found.fix);
    }
}

/** The same goal again means the swarm that works on it; a program's own key means that very call, for ever. */
export async function findRepeated(swarms: readonly SwarmHandle[], key: string, forever: boolean): Promise<SwarmHandle | null> {
  for (const swarm of swarms) {
    const same = await swarm.look((state) => state.keys.has(key) && (forever || !OVER.has(state.status)));
    if (same) return swarm;
  }
  return null;
}

/** The first line that says something, for lists. */
function titleOf(goal: string): string {
  const line = (goal.split("\n").find((one) => /\w/.test(one)) ?? goal).replace(/^[#\s]+/, "").trim();
  return line.length > LONGEST_TITLE ? `${line.slice(0, LONGEST_TITLE - 1)}…` : line;
}

function shorten(names: readonly string[]): readonly string[] {
  if (names.length <= MOST_UNSEEN) return names;
  return [...names.slice(0, MOST_UNSEEN), `… and ${names.length - MOST_UNSEEN} more`];
}

/** A team without a queen: the goal is the plan. Its list items are the criteria, when it has a list of a usable length. */
async function onlyTask(goal: string, from: Continuation | null, settings: Settings, handle: SwarmHandle): Promise<TaskSpec> {
  const items = [...goal.matchAll(/^\s*(?:[-*]|\d{1,2}[.)])\s+(\S.*)$/gm)].map(([, item = ""]) => item.trim());
  const listed = items.length > 0 && items.length <= MOST_CRITERIA && items.every((item) => item.length <= LONGEST_CRITERION);
  const brief = from === null ? goal : `${goal}\n\n${from.brief}`;
  const text: TaskText = { brief, criteria: listed ? items : [titleOf(goal)], contract: null };
  const role = settings.team.seats.find((seat) => settings.roles[seat.role]?.duty === "worker")?.role;
  const id = asId<TaskId>("t1");
  if (!role || !id) throw new Error("a team without a worker is refused when it is loaded");
  return {
    id,
    title: titleOf(goal),
    role,
    files: ["**"],
    after: [],
    criteria: text.criteria.length,
    proof: settings.checks.length > 0 ? "tests_pass" : "review_only",
    meets: [1],
    risk: "normal",
    text: await handle.keep(JSON.stringify(text)),
  };
}
