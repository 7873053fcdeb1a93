/**
 * Logs recorded under earlier rules must fold to the state they folded to then: a swarm's log outlives the version that
 * wrote it. When this fails, either evolve changed the meaning of an event by accident, or RULES has to be raised and new
 * logs recorded (`SKEP_RECORD=1 npx vitest run test/domain/recorded`).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Command } from "../../src/domain/commands.ts";
import type { Event } from "../../src/domain/events.ts";
import { evolve } from "../../src/domain/evolve.ts";
import { RULES, type State } from "../../src/domain/model.ts";
import { emptyState } from "../../src/domain/state.ts";
import { CONTINUED, raised } from "../../src/domain/upgrade.ts";
import { broken, replays } from "./invariants.ts";
import { interpret, type Move, move } from "./moves.ts";
import { MINIMAL, taskSpec, World } from "./world.ts";

const FOLDER = path.resolve(import.meta.dirname, "../fixtures/logs");
if (process.env.SKEP_RECORD) record();
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl")) : [];

interface Line {
  readonly at: number;
  readonly events: readonly Event[];
}

function fold(file: string): State {
  const state = emptyState();
  for (const text of readFileSync(path.join(FOLDER, file), "utf8").split("\n").filter(Boolean)) {
    const { at, events } = JSON.parse(text) as Line;
    for (const event of events) evolve(state, event, at);
    state.seq += 1;
  }
  return state;
}

const plain = (state: State): string =>
  `${JSON.stringify(state, (_key, value) => (value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value), 1)}\n`;

describe.each(files)("%s", (file) => {
  test("[domain.recorded] a recorded log folds to the state it folded to when it was written", async () => {
    await expect(plain(fold(file))).toMatchFileSnapshot(path.join(FOLDER, file.replace(/jsonl$/, "state.txt")));
  });
});

test("[domain.recorded.current] there are recorded logs of the present rules", () => {
  expect(files.filter((name) => name.startsWith(`rules-${RULES}-`)).length).toBeGreaterThanOrEqual(2);
});

const EARLIER = files.filter((name) => !name.startsWith(`rules-${RULES}-`));

test("[domain.recorded.continued] every earlier rules of which there is a recorded log can be gone on with", () => {
  expect(new Set(EARLIER.map((name) => Number(name.split("-")[1])))).toEqual(CONTINUED);
});

describe.each(EARLIER)("%s, cut anywhere", (file) => {
  test("[domain.recorded.continued] goes on under the present rules, and every invariant holds", () => {
    const lines = readFileSync(path.join(FOLDER, file), "utf8").trim().split("\n");
    const cut = fc.integer({ min: 1, max: lines.length });
    fc.assert(
      fc.property(cut, fc.array(move, { maxLength: 60 }), (length, moves) => {
        const world = new World();
        for (const text of lines.slice(0, length)) world.remember(JSON.parse(text) as Line);
        const raise = raised(world.state, { type: "take_lease" } as Command);
        expect(raise).toHaveLength(1);
        world.remember({ at: world.now, events: raise ?? [] });
        expect(world.state.rules).toBe(RULES);
        for (const one of moves) {
          const sent = interpret(world, one);
          if (sent) world.send(sent.command, sent.actor);
          expect([...broken(world)]).toEqual([]);
        }
        expect(replays(world)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** Fixed pseudo-random moves through a swarm with a queen, a solo one and an audit. */
function record(): void {
  mkdirSync(FOLDER, { recursive: true });
  const solo = MINIMAL.filter(({ seat }) => seat === "reviewer" || seat === "dev-0");
  for (const [name, world] of Object.entries({
    queen: World.started({}),
    solo: World.started({}, solo, taskSpec("t1")),
    audit: World.audit(4),
  })) {
    let seed = 7;
    const next = (max: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % max;
    };
    for (let step = 0; step < 600; step += 1) {
      // Without the wild moves: what is recorded is a life that could have been.
      const move: Move = { kind: next(90), a: next(1_000), b: next(1_000) };
      const sent = interpret(world, move);
      if (sent) world.send(sent.command, sent.actor);
    }
    const lines = world.history.map(({ at, events }) => JSON.stringify({ at, events }));
    writeFileSync(path.join(FOLDER, `rules-${RULES}-${name}.jsonl`), `${lines.join("\n")}\n`);
  }
}
