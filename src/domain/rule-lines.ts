/** Rules in a prompt: whole instructions, as many as fit, in the order given, and how many do not. */
import { inline } from "./foreign.ts";

export interface ToldRule {
  readonly id: string;
  readonly bullets: readonly string[];
}

/** Longer than any instruction a rule file may hold. */
const LONGEST = 240;

/** @param characters what the lines may add up to; the last one, which counts the rest, comes on top */
export function ruleLines(rules: readonly ToldRule[], characters: number): readonly string[] {
  const all = rules.map(({ id, bullets }) => ({ id, lines: bullets.map((bullet) => `- ${inline(bullet, LONGEST)}`) }));
  const told = share(
    all.map(({ id, lines }) => ({ head: id.length + 2, lines: lines.map((line) => line.length + 1) })),
    characters,
  );
  const shown = all.flatMap(({ id, lines }, index) => {
    const n = told[index] ?? 0;
    return n === 0 ? [] : [`${id}:`, ...lines.slice(0, n)];
  });
  const left = all.reduce((sum, { lines }, index) => sum + lines.length - (told[index] ?? 0), 0);
  return left === 0 ? shown : [...shown, `[${shown.length === 0 ? "" : "further "}${left} left out for length]`];
}

interface Size {
  readonly head: number;
  readonly lines: readonly number[];
}

/** How many lines of each: no rule takes more than half of the room while another waits. Nothing is taken past the first that does not fit. */
function share(rules: readonly Size[], room: number): readonly number[] {
  const told = rules.map(() => 0);
  const used = rules.map(() => 0);
  let left = room;
  for (const most of [room / 2, room]) {
    for (const [index, { head, lines }] of rules.entries()) {
      for (let n = told[index] ?? 0; n < lines.length; n++) {
        const size = (lines[n] ?? 0) + (n === 0 ? head : 0);
        const own = (used[index] ?? 0) + size;
        if (own > most) break;
        if (size > left) return told;
        [told[index], used[index], left] = [n + 1, own, left - size];
      }
    }
  }
  return told;
}
