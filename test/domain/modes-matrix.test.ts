/** Who is shown what, in every step of every mode, and that nothing else reaches anybody. */
import { describe, expect, test } from "vitest";
import { briefingFacts } from "../../src/domain/briefing-facts.ts";
import { renderCollabRequest, resultPart } from "../../src/domain/collab-request.ts";
import type { ModeKind } from "../../src/domain/modes/mode.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { at, begun, collab, give, lose, modeSpec, step } from "./modes-kit.ts";
import type { World } from "./world.ts";

const inline = textsFrom(new Map());

/** `who: parts`; a number is the step a part was made in. */
const MATRIX: Readonly<Record<ModeKind, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  circling: {
    "1 init 1": { worker: "at base", rev_a: "at base", rev_b: "at base" },
    "2 analyse 1": {
      worker: "strategy rev_a 1, strategy rev_b 1; at worker 1",
      rev_a: "work worker 1; at worker 1",
      rev_b: "work worker 1; at worker 1",
    },
    "3 refine 1": {
      worker: "findings rev_a 2, findings rev_b 2; at worker 1",
      rev_a: "work worker 1, analysis worker 2, findings rev_b 2; at worker 1",
      rev_b: "work worker 1, analysis worker 2, findings rev_a 2; at worker 1",
    },
    "4 analyse 2": {
      worker: "strategy rev_a 3, strategy rev_b 3, findings rev_a 2, findings rev_b 2; at worker 3",
      rev_a: "work worker 3, judgements worker 3; at worker 3",
      rev_b: "work worker 3, judgements worker 3; at worker 3",
    },
    "5 refine 2": {
      worker: "findings rev_a 4, findings rev_b 4; at worker 3",
      rev_a: "work worker 3, analysis worker 4, findings rev_b 4; at worker 3",
      rev_b: "work worker 3, analysis worker 4, findings rev_a 4; at worker 3",
    },
    "6 final 2": { worker: "at worker 5", rev_a: "work worker 5; at worker 5", rev_b: "work worker 5; at worker 5" },
    result: { worker: "completion worker 6, notes rev_a 6, notes rev_b 6" },
  },
  parallel: {
    "1 work 1": { a: "at base", b: "at base", c: "at base" },
    "2 work 2": {
      a: "notes a 1, notes b 1, notes c 1, work b 1, work c 1; at a 1",
      b: "notes a 1, notes b 1, notes c 1, work c 1, work a 1; at b 1",
      c: "notes a 1, notes b 1, notes c 1, work b 1, work a 1; at c 1",
    },
    result: { a: "notes a 2, notes b 2, notes c 2, work b 2, work c 2" },
  },
  sequential: {
    "1 turn 1 a": { a: "at base" },
    "2 turn 1 b": { b: "notes a 1; at a 1" },
    "3 turn 1 c": { c: "notes a 1, notes b 2; at b 2" },
    "4 turn 2 a": { a: "notes a 1, notes b 2, notes c 3; at c 3" },
    "5 turn 2 b": { b: "notes a 4, notes b 2, notes c 3; at a 4" },
    "6 turn 2 c": { c: "notes a 4, notes b 5, notes c 3; at b 5" },
    result: { a: "notes a 4, notes b 5, notes c 6" },
  },
  review: {
    "1 write 1": { worker: "at base" },
    "2 review 1": { rev_a: "work worker 1; at worker 1", rev_b: "work worker 1; at worker 1" },
    "3 write 2": { worker: "findings rev_a 2, findings rev_b 2; at worker 1" },
    "4 review 2": {
      rev_a: "work worker 3, judgements worker 3; at worker 3",
      rev_b: "work worker 3, judgements worker 3; at worker 3",
    },
    result: { worker: "findings rev_a 4, findings rev_b 4" },
  },
};

/** Every text that was given so far is a marker; those that stand in a message are what leaked into it. */
const MARKER = /<(\w+) (\w+) (\d+)>/g;
const markers = (text: string): readonly string[] => [...text.matchAll(MARKER)].map(([, what, place, made]) => `${what} ${place} ${made}`);

interface Seen {
  readonly listed: string;
  readonly texts: readonly string[];
  readonly message: readonly string[];
}

function seen(world: World, place: string): Seen {
  const session = [...world.state.sessions.values()].find(({ job }) => job.kind === "collab" && job.place === place);
  const facts = session && briefingFacts(world.state, session.id);
  if (facts?.kind !== "collab") throw new Error(`${place} has no briefing`);
  const stands = /^together-t1-1-(\d+)-(\w+)$/.exec(facts.stands);
  const parts = facts.shown.map((one) => `${one.what} ${one.place} ${one.step}`);
  return {
    listed: [...(parts.length > 0 ? [parts.join(", ")] : []), stands ? `at ${stands[2]} ${stands[1]}` : `at ${facts.stands}`].join("; "),
    texts: parts.filter((part) => !part.startsWith("work")),
    message: markers(renderCollabRequest(facts, inline)),
  };
}

function givesAlone(world: World, place: string): void {
  expect(give(world, place, { vote: "continue" })).toMatchObject({ ok: true });
  world.settle();
}

describe.each(Object.entries(MATRIX))("[mode.matrix] %s", (kind, wanted) => {
  test("each place is shown exactly this in each step, and its message holds no word of anything else", () => {
    const world = begun(modeSpec(kind as ModeKind, { rounds: 2 }));
    const found: Record<string, Record<string, string>> = {};
    while (collab(world).stage === "working") {
      const row: Record<string, string> = {};
      for (const { place } of collab(world).turns) {
        const { listed, texts, message } = seen(world, place);
        row[place] = listed;
        expect([...message].sort(), `${place} in ${at(world)}`).toEqual([...texts].sort());
      }
      found[`${collab(world).step} ${at(world)}`] = row;
      // One after the other: what is made in the step that runs is nobody's to see.
      step(world, "continue");
    }
    const lead = collab(world).places[0];
    const session = [...world.state.sessions.values()].find(({ job }) => job.kind === "task" && job.task === "t1");
    const facts = session && briefingFacts(world.state, session.id);
    if (facts?.kind !== "task" || !facts.together || !lead) throw new Error("nobody makes the result");
    const parts = facts.together.shown.map((one) => `${one.what} ${one.place} ${one.step}`);
    expect([...markers(resultPart(facts.together, inline, {}))].sort()).toEqual(parts.filter((part) => !part.startsWith("work")).sort());
    expect({ ...found, result: { [lead.place]: parts.join(", ") } }).toEqual(wanted);
  });

  test("a place that begins late in a step sees nothing of what the others gave in it", () => {
    const world = begun(modeSpec(kind as ModeKind, { rounds: 2 }));
    while (collab(world).stage === "working") {
      const [first, ...rest] = [...collab(world).turns].reverse();
      const before = rest.map(({ place }) => seen(world, place).listed);
      const votes = Object.fromEntries(collab(world).turns.map(({ place }) => [place, "continue" as const]));
      if (first && rest.length > 0) {
        givesAlone(world, first.place);
        expect(rest.map(({ place }) => seen(world, place).listed)).toEqual(before);
      }
      step(world, votes);
    }
  });
});

test("[mode.matrix.missing] what is required and was not made is told, and what is not required is not", () => {
  const world = begun(modeSpec("circling", { rounds: 1 }));
  lose(world, "rev_b");
  step(world);
  expect([at(world), collab(world).places.map(({ lost }) => lost !== null)]).toEqual(["analyse 1", [false, false, true]]);
  const session = [...world.state.sessions.values()].find(({ job }) => job.kind === "collab" && job.place === "worker");
  const facts = session && briefingFacts(world.state, session.id);
  if (facts?.kind !== "collab") throw new Error("the worker has no briefing");
  expect(facts.missing).toEqual([{ what: "strategy", place: "rev_b" }]);
  expect(renderCollabRequest(facts, inline)).toContain("rev_b made no strategy; go on without it.");
});
