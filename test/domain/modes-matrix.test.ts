/** Who is shown what, in every step of every mode, and that nothing else reaches anybody. */
import { describe, expect, test } from "vitest";
import { briefingFacts } from "../../src/domain/briefing-facts.ts";
import { renderCollabRequest, resultPart } from "../../src/domain/collab-request.ts";
import type { ModeKind } from "../../src/domain/modes/mode.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { at, begun, collab, give, lose, modeSpec, step } from "./modes-kit.ts";
import { MATRIX } from "./modes-table.ts";
import type { World } from "./world.ts";

const inline = textsFrom(new Map());

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
