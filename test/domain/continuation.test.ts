/** What a new swarm is told of the one before it, whatever state that one ended in. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { continuationFacts, renderContinuation } from "../../src/domain/continuation.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { interpret, move } from "./moves.ts";
import { MINIMAL, World } from "./world.ts";

const around = { here: true, branchOf: (task: string, attempt: number) => `skep-work/${task}/${attempt}` };

test("[continuation.bounded] whatever became of a swarm, the text has an end, names each merged and each open task it has room for, and hides no line of foreign text", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 120 }), (moves) => {
      const world = World.started({}, MINIMAL);
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
      }
      const facts = continuationFacts(world.state);
      const text = renderContinuation(facts, textsFrom(new Map()), around);
      expect(Buffer.byteLength(text)).toBeLessThan(13_000);
      for (const { id } of [...facts.merged, ...facts.unfinished].slice(0, 20)) expect(text).toContain(`\n- ${id} `);
      const known = facts.merged.length + facts.unfinished.length + world.state.byStatus.cancelled.size;
      expect(known).toBe(world.state.tasks.size);
    }),
  );
});

test("[continuation.bounded] a long one is cut at a line", () => {
  const world = World.started({}, MINIMAL);
  const facts = continuationFacts(world.state);
  const answers = Array.from({ length: 8 }, () => ({ title: "t".repeat(160), answer: "a".repeat(300) }));
  const merged = Array.from({ length: 60 }, (_, n) => ({
    id: `t${n}` as never,
    title: "x".repeat(400),
    sha: null,
    text: `{"contract":"${"c".repeat(900)}"}`,
  }));
  const text = renderContinuation({ ...facts, answers, merged }, textsFrom(new Map()), around);
  expect(text.split("\n").at(-1)).toBe("[cut here: the rest stands in the log of s-test]");
  expect(text.split("\n").at(-2)).toMatch(/^- t\d+ x+….*"$/);
});
