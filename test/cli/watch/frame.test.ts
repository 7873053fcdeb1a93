/** One frame: its size at every terminal, what hostile text can do to it, and how it looks. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameOf, type Scene } from "../../../src/cli/watch/frame.tsx";
import { pictureOf } from "../../../src/cli/watch/picture.ts";
import { START, type Ui } from "../../../src/cli/watch/ui.ts";
import { linesWithin } from "../../../src/cli/watch/words.ts";
import { stuckSwarms } from "../../domain/stuck.ts";
import { AT, sceneAt } from "./support/scene.ts";

const MODES: readonly Ui["mode"][] = [
  { at: "overview" },
  { at: "help" },
  { at: "page", what: { of: "transcript", seat: "dev-0" }, top: "end" },
  { at: "answer", gate: "g1", text: "JS" },
  { at: "write", to: "dev-0", text: "stop at the first error" },
  { at: "confirm" },
];
const worlds = stuckSwarms(AT).map(({ world }) => world);
/** Columns a terminal takes, near enough for the signs used here. */
const columnsOf = (line: string): number =>
  [...line].reduce(
    (sum, sign) => sum + (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]|\p{Emoji_Presentation}/u.test(sign) ? 2 : 1),
    0,
  );

test("[watch.frame] at every size each frame has the lines of the terminal, none wider, and no control character", () => {
  const hostile = fc.string({ unit: "grapheme", maxLength: 200 }).map((text) => `${text}\u001b[31m\r\n\u0007日本\u202e`);
  const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 4, max: 60 }) });
  fc.assert(
    fc.property(fc.constantFrom(...worlds), fc.constantFrom(...MODES), size, hostile, (world, mode, at, text) => {
      const state = { ...world.state, title: text };
      const picture = pictureOf(state, AT + 5_000, null);
      const page = linesWithin(text.repeat(5), at.columns);
      const scene: Scene = { ...sceneAt(world.state), ui: { ...START, mode }, picture, page };
      const lines = frameOf(scene, at, false);
      expect(lines).toHaveLength(at.rows);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      for (const line of page) expect(columnsOf(line)).toBeLessThanOrEqual(at.columns);
      for (const line of lines) if (/^[ -~]*$/.test(line)) expect(line.length).toBeLessThanOrEqual(at.columns);
    }),
    { numRuns: 60 },
  );
});

test("[watch.frame] a question stands above everything else, and a page keeps an agent's words marked", () => {
  const asked = worlds[0];
  if (!asked) throw new Error("no swarm asks");
  const lines = frameOf(sceneAt(asked.state), { columns: 80, rows: 24 }, false);
  const at = (words: string): number => lines.findIndex((line) => line.includes(words));
  expect(at("g1")).toBe(3);
  expect(at("1 CSV   2 JSON")).toBe(4);
  expect(at("team ")).toBeGreaterThan(4);
  expect(linesWithin(`| ${"word ".repeat(40)}`, 30).every((line) => line.startsWith("| ") && line.length <= 30)).toBe(true);
});

test.each([
  ["narrow", "a".repeat(200)],
  ["wide", "日本".repeat(80)],
])("[watch.frame] the end of what is typed in %s letters stays in sight", (_, text) => {
  const scene = { ...sceneAt(), ui: { ...START, mode: { at: "write", to: "dev-0", text: `${text}!` } } } as const;
  expect(frameOf(scene, { columns: 80, rows: 24 }, false).at(-1)).toMatch(/^to dev-0 .*!█ +enter sends, esc leaves it$/);
});

test("[watch.frame] a page's lines lose nothing and keep within the width, and a line of megabytes takes no longer than short ones", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "b", " ", "日", "|"), maxLength: 300 }),
      fc.integer({ min: 8, max: 60 }),
      (text, width) => {
        const lines = linesWithin(text, width);
        expect(lines.join("").replaceAll(/[ |]/g, "")).toBe(text.replaceAll(/[ |]/g, ""));
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
  // Whoever copied the rest for each line would be out of memory.
  expect(linesWithin("x".repeat(2_500_000), 80)).toHaveLength(1 + Math.ceil((2_500_000 - 80) / 78));
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 160, rows: 48 },
])("[watch.frame] a swarm at work at $columns×$rows", (size) => {
  expect(`\n${frameOf(sceneAt(), size, false).join("\n")}\n`).toMatchSnapshot();
});
