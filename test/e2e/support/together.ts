/** One task that several do together, on real processes: their scripts, the plan that asks for it, and what came of it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { SeatId, TaskId } from "../../../src/base/ids.ts";
import type { Event, EventOf, EventType } from "../../../src/domain/events.ts";
import type { State, TaskSpec } from "../../../src/domain/model.ts";
import type { ModeSpec } from "../../../src/domain/modes/mode.ts";
import type { LiveSwarm } from "../../../src/engine/host/context.ts";
import { readTranscript } from "../../../src/engine/transcript/reader.ts";
import { transcriptFolder } from "../../../src/engine/transcript/writer.ts";
import { makeRig, type Rig, type RigOptions } from "./rig.ts";

type Step = Readonly<Record<string, unknown>>;
export type Script = readonly unknown[];
/** By place, or place and step: `rev_a 2`. */
export type Scripts = Readonly<Record<string, Script>>;

export const T1 = "t1" as TaskId;
const TEAM = {
  ".skep/templates/teams/crew.yaml":
    "id: crew\ntitle: Those who work together\nseats: [{role: queen}, {role: reviewer, count: 3}, {role: developer, count: 3}]\n",
};
export const READERS: ModeSpec["seats"] = [
  { place: "worker", role: "developer" },
  { place: "rev_a", role: "reviewer" },
  { place: "rev_b", role: "reviewer" },
];
export const WRITERS: ModeSpec["seats"] = ["a", "b", "c"].map((place) => ({ place, role: "developer" }));

const known = (name: string): string => `\${${name}}`;
const FILE = "out/t1.txt";

export const writes = (text: string): Step => ({ edit: FILE, content: `${text}\n` });
export const appends = (text: string): Step => ({ edit: FILE, append: `${text}\n` });
export const finds = (text: string): Step => ({ run: ["grep", "-q", text, FILE] });
export const findsNothing: Step = { run: ["test", "!", "-e", FILE] };
/** Its briefing holds these words, or the agent goes no further. */
export const isShown = (text: string): Step => ({ call: "task_get", with: { task: T1 }, capture: { seen: `/(${text})/` } });
export const crashes: Step = { crash: true };

/** What each step asks for, beside the words everybody gives. */
export function gives(vote?: "converged" | "continue" | "blocked", artifacts?: Step): Step {
  const words = { attempt: known("attempt"), step: known("step"), summary: `of ${known("place")} in ${known("step")}`, confidence: 0.9 };
  return { call: "collab_contribute", with: { ...words, ...(vote ? { vote } : {}), ...(artifacts ? { artifacts } : {}) } };
}
export const FOUND = { findings: [{ location: `${FILE}:1`, impact: "wrong", recommendation: "mend it" }] };
export const judged = (step: number, places: readonly string[] = ["rev_a", "rev_b"]) => ({
  judgements: places.map((place) => ({ finding: `${place}-${step}-1`, verdict: "ACCEPT", reason: `so it is in ${step}` })),
});

const SUBMITS: Step = { call: "task_submit", with: { attempt: known("attempt"), summary: "done", evidence: [`${FILE}:1`] } };

interface Wanted {
  readonly mode?: ModeSpec;
  readonly scripts?: Scripts;
  /** What the lead does before it hands in the result. */
  readonly result?: Script;
}

const playbook = ({ scripts = {}, result = [writes("result")] }: Wanted): string =>
  JSON.stringify({
    queen: [{ say: "the plan comes from outside" }, { wait: "turn" }, { call: "swarm_complete", with: { summary: "it is there" } }],
    plan_review: [
      {
        call: "plan_review_submit",
        with: {
          ...{ revision: known("revision"), plan_hash: known("plan_hash"), findings: [] },
          coverage: [{ condition: 1, tasks: [T1] }],
        },
      },
    ],
    tasks: { [T1]: [...result, SUBMITS] },
    reviews: {
      [T1]: [
        { call: "diff_get", with: { task: T1 } },
        {
          call: "task_review_submit",
          with: {
            ...{ task: T1, sha: known("sha"), findings: [] },
            criteria: [{ n: 1, met: "yes", evidence: `${FILE}:1` }],
          },
        },
      ],
    },
    together: { [T1]: scripts },
  });

/** A plan with one task, handed in as the queen's session would. */
async function plan(rig: Rig, mode?: ModeSpec): Promise<LiveSwarm> {
  const swarm = await rig.create("One file", "crew");
  const queen = await rig.until(swarm, "the queen", ({ seats, sessions }) => {
    const session = sessions.get(seats.get("queen" as SeatId)?.session as never);
    return session && session.run > 0 ? { kind: "session" as const, seat: session.seat, session: session.id, run: session.run } : null;
  });
  const text = await swarm.keep(JSON.stringify({ brief: "Write the file.", criteria: ["it is there"], contract: null }));
  const spec: TaskSpec = {
    ...{ id: T1, title: "Write it", role: "developer", files: ["out/t1.txt"], after: [], criteria: 1, meets: [1] },
    ...{ proof: "check_only", risk: "normal", text, ...(mode ? { mode } : {}) },
  };
  const body = { goal: "One file", conditions: ["it is there"], text: "{}", tasks: [spec] };
  const answer = await swarm.submit({ type: "submit_plan", hash: "h1", ...body }, queen);
  if (!answer.ok) throw new Error(answer.refusal.message);
  return swarm;
}

/** A swarm whose one task is done so; without a mode by one agent. */
export async function together<R extends Rig = Rig>(
  wanted: Wanted,
  make: (options: Pick<RigOptions, "playbook" | "files">) => Promise<R> = makeRig as never,
): Promise<{ rig: R; swarm: LiveSwarm }> {
  const rig = await make({ playbook: playbook(wanted), files: TEAM });
  rigs.push(rig);
  return { rig, swarm: await plan(rig, wanted.mode) };
}

const rigs: Rig[] = [];
/** For `afterEach`. */
export const closeRigs = async (): Promise<void> => void (await Promise.all(rigs.splice(0).map((rig) => rig.close())));

export const ended = (state: Readonly<State>): boolean => state.status === "completed" && state.closed;
export const untilEnd = (rig: Rig, swarm: LiveSwarm): Promise<boolean> => rig.until(swarm, "the end", ended, 150_000);

export async function events(swarm: LiveSwarm): Promise<readonly Event[]> {
  return (await swarm.events(0)).flatMap((commit) => commit.events);
}
export const of = <T extends EventType>(all: readonly Event[], type: T): readonly EventOf<T>[] =>
  all.filter((event): event is EventOf<T> => event.type === type);
export const merged = (rig: Rig, swarm: LiveSwarm): string => rig.repo.git("show", `${swarm.state.branch}:out/t1.txt`);

export const phases = (all: readonly Event[]): readonly string[] =>
  of(all, "step_begun").map(({ cursor: { phase, round, place } }) => [phase, round, ...(place ? [place] : [])].join(" "));
/** How the mode ended: the last step's `to`. */
export const outcome = (all: readonly Event[]): unknown => of(all, "step_ended").at(-1)?.to;
export const losses = (all: readonly Event[]): readonly string[] => of(all, "place_lost").map(({ place }) => place);
/** Attempts in order, as they ended. */
export const results = (all: readonly Event[]): readonly string[] => of(all, "attempt_ended").map(({ result }) => result);

/** What doing a task took, its review with it: sessions, their turns, and the messages they were sent. */
export async function cost(rig: Rig, swarm: LiveSwarm): Promise<string> {
  const all = await events(swarm);
  const sessions = of(all, "session_wanted").flatMap(({ job, session }) => ("task" in job && job.task === T1 ? [session] : []));
  const turns = of(all, "turn_ended").filter(({ session }) => sessions.includes(session));
  const folder = transcriptFolder(rig.project.home, swarm.id);
  const transcripts = await Promise.all(sessions.map((session) => readTranscript(folder, session)));
  const messages = transcripts.flatMap(({ lines }) => lines.filter(({ type }) => type === "message"));
  return [sessions.length, turns.length, messages.length].join(" | ");
}
const PAGE = path.join(import.meta.dirname, "../../../docs/modes.md");
/** What the page on modes says of that. */
export const toldCost = (row: string): string | undefined =>
  readFileSync(PAGE, "utf8")
    .split("\n")
    .flatMap((line) => (line.startsWith(`| ${row} | `) ? [line.slice(row.length + 5, -2)] : []))
    .find((cells) => /^\d+ \| \d+ \| \d+$/.test(cells));

/** Somebody works on a part of this step. */
export const stepLives = (rig: Rig, swarm: LiveSwarm, step: number): Promise<boolean> =>
  rig.until(
    swarm,
    `step ${step}`,
    ({ sessions }) => [...sessions.values()].some(({ job, status }) => job.kind === "collab" && job.step === step && status === "live"),
    150_000,
  );

/** A script of one attempt alone. */
export const inAttempt = (attempt: number, ...steps: Script): unknown => ({ when: { "job.attempt": attempt }, steps });

/** Circling to its last round: every word rests on what the matrix shows, and every change on the one before. */
export function circlingScripts(
  rounds: number,
  lastVote: "converged" | "continue",
  signOff: "converged" | "blocked" = "converged",
): Scripts {
  const final = 2 * rounds + 2;
  const scripts: Record<string, Script> = {
    "worker 1": [writes("first"), gives()],
    "rev_a 1": [findsNothing, gives(undefined, { strategy: "look at the file" })],
    "rev_b 1": [findsNothing, gives(undefined, { strategy: "look at it twice" })],
    [`worker ${final}`]: [finds(`mended in ${rounds}`), gives(signOff, { completion: [{ item: "it is there", done: true }] })],
  };
  for (let round = 1; round <= rounds; round++) {
    const [analyse, refine] = [2 * round, 2 * round + 1];
    const vote = round === rounds ? lastVote : "continue";
    const before = round === 1 ? "first" : `mended in ${round - 1}`;
    const again = round === 1 ? [] : [isShown(`so it is in ${analyse - 2}`)];
    scripts[`worker ${analyse}`] = [
      isShown(round === 1 ? "look at it twice" : `refined in ${analyse - 1}`),
      writes("not to be changed now"),
      gives(undefined, { analysis: `it may be wrong in ${round}` }),
    ];
    scripts[`worker ${refine}`] = [finds(before), writes(`mended in ${round}`), gives(vote, judged(analyse))];
    for (const [me, other] of [
      ["rev_a", "rev_b"],
      ["rev_b", "rev_a"],
    ] as const) {
      scripts[`${me} ${analyse}`] = [finds(before), ...again, writes(`what ${me} wrote`), gives(undefined, FOUND)];
      scripts[`${me} ${refine}`] = [
        ...[finds(before), isShown(`it may be wrong in ${round}`), isShown(`${other}-${analyse}-1`)],
        gives(vote, { strategy: `refined in ${refine}` }),
      ];
    }
  }
  return { ...scripts, default: [finds(`mended in ${rounds}`), gives(signOff)] };
}
