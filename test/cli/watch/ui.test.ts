/** The keys: what each one selects, opens, types and wishes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { pictureOf } from "../../../src/cli/watch/picture.ts";
import { type Intent, itemsOf, type Key, press, START, same, selectedIn, type Ui } from "../../../src/cli/watch/ui.ts";
import { AT, busyWorld } from "./support/scene.ts";

const PICTURE = pictureOf(busyWorld().state, AT, null);
const PAGE = { lines: 100, rows: 20 };

const named = (name: string): Key => ({ name, text: name.length === 1 ? name : name === "space" ? " " : "", ctrl: false });

/** The keys one after the other; what they wish, and how it looks then. */
function keys(list: readonly (string | Key)[], ui: Ui = START): { readonly ui: Ui; readonly wishes: readonly Intent[] } {
  const wishes: Intent[] = [];
  let now = ui;
  for (const key of list) {
    const { ui: next, intent } = press(now, typeof key === "string" ? named(key) : key, PICTURE, PAGE);
    if (intent) wishes.push(intent);
    now = next;
  }
  return { ui: now, wishes };
}
const wishes = (...list: readonly (string | Key)[]): readonly Intent[] => keys(list).wishes;

test.each<readonly [string, readonly string[], readonly Intent[]]>([
  ["q leaves", ["q"], [{ do: "quit" }]],
  ["p pauses", ["p"], [{ do: "pause" }]],
  ["r resumes", ["r"], [{ do: "resume" }]],
  ["x asks, y stops", ["x", "y"], [{ do: "stop" }]],
  ["x asks, another key does not stop", ["x", "return"], []],
  ["a number answers with the option", ["a", "2", "return"], [{ do: "answer", gate: "g1", answer: "JSON" }]],
  ["words answer", ["a", "c", "s", "v", "return"], [{ do: "answer", gate: "g1", answer: "CSV" }]],
  ["an empty answer is none", ["a", "return"], []],
  ["escape leaves the question open", ["a", "2", "escape", "return", "escape"], []],
  ["a letter goes to who is selected", ["tab", "down", "s", "h", "i", "return"], [{ do: "send", to: "reviewer", text: "hi" }]],
  ["keys are text while one types", ["s", "q", "x", "backspace", "return"], [{ do: "send", to: "queen", text: "q" }]],
])("[watch.keys] %s", (_, list, expected) => {
  expect(wishes(...list)).toEqual(expected);
});

test("[watch.keys] a number answers with the option as the agent wrote it, however long", () => {
  const option = `keep  both formats, ${"and write each of them down ".repeat(6)}`;
  const world = busyWorld();
  world.endTurn("dev-1");
  world.settle();
  world.as("queen", { type: "ask_human", title: "How?", question: "How?", options: ["no", option], fallback: null, minutes: null });
  const picture = pictureOf(world.state, AT, null);
  const asked = picture.gates.find(({ title }) => title === "How?");
  const ui: Ui = { ...START, mode: { at: "answer", gate: asked?.gate ?? "", text: "2" } };
  expect(press(ui, named("return"), picture, PAGE).intent).toEqual({ do: "answer", gate: asked?.gate, answer: option });
});

test("[watch.keys] what is pasted is text: outside of a line it does nothing, in one its breaks send nothing", () => {
  const paste: Key = { name: "paste", text: "x y q", ctrl: false };
  expect(wishes(paste)).toEqual([]);
  expect(wishes("s", paste, "return")).toEqual([{ do: "send", to: "queen", text: "x y q" }]);
});

test("[watch.keys] enter opens what is selected, and escape closes it", () => {
  expect(wishes("tab", "return")).toEqual([{ do: "open", what: { of: "transcript", seat: "queen" } }]);
  const { ui } = keys(["tab", "return", "up", "escape"]);
  expect(ui.mode).toEqual({ at: "overview" });
  const scrolled = keys(["tab", "return", "g"]).ui;
  expect(scrolled.mode).toMatchObject({ at: "page", top: 0 });
  // Whoever comes back to the end follows it again.
  expect(keys(["pageup", "end"], scrolled).ui.mode).toMatchObject({ at: "page", top: "end" });
  expect(keys(["tab", "tab", "left", "d"]).ui.notice).toMatchObject({ bad: true, text: expect.stringContaining("no submitted work") });
});

test("[watch.keys] whatever is pressed, something that is there stays selected, and a stop was asked for", () => {
  const names = [
    "up",
    "down",
    "left",
    "right",
    "tab",
    "return",
    "escape",
    "space",
    "a",
    "s",
    "d",
    "t",
    "x",
    "y",
    "p",
    "?",
    "1",
    "g",
    "G",
    "pageup",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 60 }), (list) => {
      let ui: Ui = START;
      for (const name of list) {
        const before = ui.mode.at;
        const next = press(ui, named(name), PICTURE, PAGE);
        if (next.intent?.do === "stop") expect([before, name]).toEqual(["confirm", "y"]);
        ui = next.ui;
        const selected = selectedIn(ui, PICTURE);
        expect(itemsOf(PICTURE).some((item) => same(item, selected))).toBe(true);
        expect(press(ui, { name: "c", text: "", ctrl: true }, PICTURE, PAGE).intent).toEqual({ do: "quit" });
      }
    }),
  );
});
