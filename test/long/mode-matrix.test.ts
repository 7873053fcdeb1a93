/**
 * The information matrix through the tools: what real clients of every place can read of the others' work in each step, by
 * all they may call, and that all else is refused them. The works are real commits, each with its maker's mark.
 */
import { describe, expect, test } from "vitest";
import { openTurns } from "../../src/domain/collab.ts";
import type { Effect } from "../../src/domain/effects.ts";
import type { TaskSpec } from "../../src/domain/model.ts";
import type { ModeKind, Part, Turn } from "../../src/domain/modes/mode.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { modeSpec } from "../domain/modes-kit.ts";
import { MATRIX } from "../domain/modes-table.ts";
import { commitAll, runGit } from "../engine/support/repository.ts";
import { type Answer, TestSwarm } from "../tools/support/swarm.ts";

/** Works by commit, as `worker 1`: place and step. */
type Works = Map<string, string>;

async function begun(kind: ModeKind): Promise<TestSwarm> {
  const swarm = await TestSwarm.start();
  await swarm.must("operator", "spawn_role", { role: "reviewer", agents: 2 });
  await swarm.must("operator", "spawn_role", { role: "developer", agents: 3 });
  const spec: TaskSpec = {
    ...{ id: "t1" as never, title: "Add add()", role: "developer", files: ["src/a.ts"], after: [], criteria: 1, meets: [1] },
    ...{ proof: "tests_pass", risk: "normal", text: JSON.stringify({ brief: "add it", criteria: ["it adds"], contract: null }) },
    mode: modeSpec(kind, { rounds: 2 }),
  };
  const { id: session, run } = swarm.session("queen");
  const body = { hash: "h1", goal: "add", conditions: ["it adds"], text: "{}", tasks: [spec] };
  const actor = { kind: "session", seat: "queen" as never, session, run } as const;
  const answer = await swarm.swarm.submit({ type: "submit_plan", ...body }, actor);
  expect(answer.ok ? "" : answer.refusal.message).toBe("");
  await swarm.endTurn("queen");
  await swarm.settle();
  const reviewer = [...swarm.state.sessions.values()].find(({ job }) => job.kind === "plan_review")?.seat ?? "";
  await swarm.must(reviewer, "plan_review_submit", {
    revision: 1,
    plan_hash: "h1",
    coverage: [{ condition: 1, tasks: ["t1"] }],
    findings: [],
  });
  await swarm.endTurn(reviewer);
  await swarm.settle();
  return swarm;
}

const collabOf = (swarm: TestSwarm) => {
  const { collab } = swarm.task("t1");
  if (!collab) throw new Error("t1 is not done together");
  return collab;
};
const seatOf = (swarm: TestSwarm, place: string): string => collabOf(swarm).places.find((one) => one.place === place)?.seat ?? "";

/** Whatever was made says what it is, who made it and when. */
const mark = (what: Part, place: string, step: number): string => `<${what} ${place} ${step}>`;
const MARK = /<(\w+) (\w+) (\d+)>/g;

/** Its part, whole: each word of it with its mark. */
async function gives(swarm: TestSwarm, { place, makes, votes }: Turn, judge: readonly string[]): Promise<void> {
  const { step, attempt } = collabOf(swarm);
  const words: Partial<Record<Part, unknown>> = {
    strategy: mark("strategy", place, step),
    analysis: mark("analysis", place, step),
    findings: [{ location: "src/a.ts:1", impact: mark("findings", place, step), recommendation: "mend it" }],
    judgements: judge.map((finding) => ({ finding, verdict: "REJECT", reason: mark("judgements", place, step) })),
    completion: [{ item: mark("completion", place, step), done: true }],
  };
  await swarm.must(seatOf(swarm, place), "collab_contribute", {
    ...{ attempt, step, summary: mark("notes", place, step), confidence: 0.9, ...(votes ? { vote: "continue" } : {}) },
    artifacts: Object.fromEntries(makes.map((what) => [what, words[what]])),
  });
  await swarm.endTurn(seatOf(swarm, place));
}

/** A real commit on what the place stood at. */
const saved =
  (swarm: TestSwarm, works: Works) =>
  async (effect: Effect): Promise<ReturnType<typeof record> | undefined> => {
    if (effect.kind !== "save_contribution") return undefined;
    runGit(swarm.root, "checkout", "--quiet", "--detach", effect.start);
    const sha = commitAll(swarm.root, { "src/a.ts": `export const a = "${mark("work", effect.place, effect.step)}";\n` }, "A part");
    runGit(swarm.root, "checkout", "--quiet", "main");
    works.set(sha, `${effect.place} ${effect.step}`);
    return record(effect, sha);
  };
const record = ({ task, attempt, step, place }: Extract<Effect, { kind: "save_contribution" }>, sha: string) =>
  ({ type: "record_contribution", task, attempt, step, place, sha }) as const;

interface Read {
  /** Everything any tool of this client says. */
  readonly all: string;
  /** What it was refused. */
  readonly refused: readonly string[];
}

/** Calls every tool there is but those that say something. */
async function reads(swarm: TestSwarm, seat: string, sha: string): Promise<Read> {
  const client = await swarm.client(seat);
  // No resource and no prompt: the tools are all there is to read by.
  expect(Object.keys(client.getServerCapabilities() ?? {})).toEqual(["tools"]);
  const mine = (await client.listTools()).tools.map(({ name }) => name);
  const said: Answer[] = [];
  for (const name of mine.filter((one) => TOOLS.find((tool) => tool.name === one)?.kind === "read"))
    said.push(await swarm.must(seat, name, name === "task_get" ? { task: "t1" } : {}));
  const refused: string[] = [];
  for (const { name } of TOOLS.filter((tool) => !mine.includes(tool.name))) {
    const answer = await swarm.call(seat, name, { task: "t1", sha });
    if (answer.code === "NOT_ALLOWED") refused.push(name);
    said.push(answer);
  }
  return { all: said.map(({ text, facts }) => `${text}\n${JSON.stringify(facts)}`).join("\n"), refused };
}

/** As the table says it: parts by their marks, works by their commits. */
function seen({ all }: Read, works: Works, makes: string): readonly string[] {
  const parts = [...all.matchAll(MARK)].map(([, what, place, step]) => `${what} ${place} ${step}`);
  const commits = [...works].flatMap(([sha, work]) => (all.includes(sha.slice(0, 12)) ? [`work ${work}`] : []));
  return [...new Set([...parts, ...commits])].filter((part) => part !== makes).sort();
}
const cell = (listed: string): readonly string[] => {
  const stands = / ?at (\w+) (\d+)$/.exec(listed);
  const parts = listed
    .replace(/;? ?at [\w ]+$/, "")
    .split(", ")
    .filter(Boolean);
  return [...new Set([...parts, ...(stands ? [`work ${stands[1]} ${stands[2]}`] : [])])].sort();
};

describe.each(Object.entries(MATRIX))("[mode.tool.matrix] %s", (kind, wanted) => {
  test("the tools of each place say exactly what the table names in each step, and the rest of them is refused", async () => {
    const swarm = await begun(kind as ModeKind);
    const works: Works = new Map();
    const found: Record<string, Record<string, readonly string[]>> = {};
    while (collabOf(swarm).stage === "working") {
      const { step, cursor } = collabOf(swarm);
      const row: Record<string, readonly string[]> = {};
      const name = [step, cursor.phase, cursor.round, ...(cursor.place === undefined ? [] : [cursor.place])].join(" ");
      for (const turn of [...openTurns(collabOf(swarm))]) {
        const seat = seatOf(swarm, turn.place);
        const read = await reads(swarm, seat, [...works.keys()].at(-1) ?? swarm.state.base);
        row[turn.place] = seen(read, works, "");
        expect(read.refused, `${turn.place} in ${name}`).toEqual(TOOLS.map((tool) => tool.name).filter((one) => !OWN.includes(one)));
        const judge = [...new Set([...read.all.matchAll(/\| (\w+-\d+-\d+) at /g)].map(([, id]) => id ?? ""))];
        await gives(swarm, turn, judge);
        // Saved at once, and yet nothing of it reaches those who read later in the same step.
        await swarm.settle(saved(swarm, works));
      }
      found[name] = row;
    }
    const lead = collabOf(swarm).places[0]?.place ?? "";
    const own = await swarm.must(seatOf(swarm, lead), "task_get", { task: "t1" });
    const standing = [...works].find(([sha]) => sha === swarm.task("t1").prior?.sha)?.[1] ?? "";
    found.result = { [lead]: seen({ all: own.text, refused: [] }, works, `work ${standing}`) };
    const table = Object.entries(wanted).map(([name, row]) => [
      name,
      Object.fromEntries(Object.entries(row).map(([place, listed]) => [place, cell(listed)])),
    ]);
    expect(found).toEqual(Object.fromEntries(table));
  });
});

/** What a participant has. */
const OWN = ["collab_contribute", "human_ask", "inbox_read", "task_get", "task_list", "whoami"];
