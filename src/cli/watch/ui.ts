/** What the person at `skep watch` does: key and picture in, the next look and one wish out. Pure. */
import { chosen } from "../follow/gates.ts";
import { type Card, COLUMNS, cardsOf } from "./board.ts";
import type { GateRow, Picture } from "./picture.ts";

/** One key press: its name (`up`, `return`, `a`), and what it types. */
export interface Key {
  readonly name: string;
  /** "": it types nothing. */
  readonly text: string;
  readonly ctrl: boolean;
}

/** What is selected: a gate, an agent or a task of the picture. */
export type Item =
  | { readonly kind: "gate"; readonly id: string }
  | { readonly kind: "seat"; readonly id: string }
  | { readonly kind: "task"; readonly id: string };

export type Opened = { readonly of: "transcript"; readonly seat: string } | { readonly of: "diff"; readonly task: string };

export type Mode =
  | { readonly at: "overview" }
  | { readonly at: "help" }
  /** `top`: its first visible line; "end" stays with what is written. */
  | { readonly at: "page"; readonly what: Opened; readonly top: number | "end" }
  | { readonly at: "answer"; readonly gate: string; readonly text: string }
  | { readonly at: "write"; readonly to: string; readonly text: string }
  | { readonly at: "confirm" };

type Typing = Extract<Mode, { readonly text: string }>;

export interface Ui {
  readonly selected: Item | null;
  readonly mode: Mode;
  /** About what was done last; gone with the next key. */
  readonly notice: { readonly text: string; readonly bad: boolean } | null;
}

/** What the program does for the person; the view itself changes nothing. */
export type Intent =
  | { readonly do: "quit" }
  | { readonly do: "open"; readonly what: Opened }
  | { readonly do: "pause" }
  | { readonly do: "resume" }
  | { readonly do: "stop" }
  | { readonly do: "send"; readonly to: string; readonly text: string }
  | { readonly do: "answer"; readonly gate: string; readonly answer: string };

export interface Pressed {
  readonly ui: Ui;
  readonly intent: Intent | null;
}
/** How many lines the open page has, and how many of them fit. */
export interface PageSize {
  readonly lines: number;
  readonly rows: number;
}

export const START: Ui = { selected: null, mode: { at: "overview" }, notice: null };
const OVERVIEW: Mode = { at: "overview" };
const LONGEST_TEXT = 4_000;

export const itemsOf = ({ gates, seats, board }: Picture): readonly Item[] => [
  ...gates.map(({ gate }) => ({ kind: "gate", id: gate }) as const),
  ...seats.map(({ seat }) => ({ kind: "seat", id: seat }) as const),
  ...cardsOf(board).map(({ task }) => ({ kind: "task", id: task }) as const),
];

/** What is selected now: what was, as long as it is there; else the first of all. */
export function selectedIn({ selected }: Pick<Ui, "selected">, picture: Picture): Item | null {
  const items = itemsOf(picture);
  return items.find((item) => selected !== null && same(item, selected)) ?? items[0] ?? null;
}

export const same = (a: Item | null, b: Item | null): boolean => a !== null && b !== null && a.kind === b.kind && a.id === b.id;

export function press(before: Ui, key: Key, picture: Picture, page: PageSize): Pressed {
  const ui: Ui = { ...before, selected: selectedIn(before, picture), notice: null };
  if (key.ctrl && key.name === "c") return { ui, intent: { do: "quit" } };
  switch (ui.mode.at) {
    case "overview":
      return overview(ui, key, picture);
    case "help":
      return { ui: { ...ui, mode: OVERVIEW }, intent: null };
    case "page":
      return onPage(ui, ui.mode, key, page);
    case "answer":
      return typed(ui, ui.mode, key, (mode) => answerOf(mode, picture));
    case "write":
      return typed(ui, ui.mode, key, ({ text, to }) => (text.trim() === "" ? null : { do: "send", to, text: text.trim() }));
    case "confirm":
      return { ui: { ...ui, mode: OVERVIEW }, intent: key.name === "y" ? { do: "stop" } : null };
    default:
      return unknown(ui.mode);
  }
}

function overview(ui: Ui, key: Key, picture: Picture): Pressed {
  const item = ui.selected;
  switch (MEANS[key.name] ?? (key.text === "?" ? "help" : null)) {
    case "quit":
      return { ui, intent: { do: "quit" } };
    case "help":
      return to(ui, { at: "help" });
    case "down":
      return moved(ui, picture, 1);
    case "up":
      return moved(ui, picture, -1);
    case "right":
      return { ui: { ...ui, selected: beside(item, picture, 1) }, intent: null };
    case "left":
      return { ui: { ...ui, selected: beside(item, picture, -1) }, intent: null };
    case "next":
      return { ui: { ...ui, selected: nextKind(item, picture) }, intent: null };
    case "enter":
      if (item?.kind === "gate") return answering(ui, picture, item.id);
      return item?.kind === "task" && cardIn(picture, item)?.diff ? opened(ui, { of: "diff", task: item.id }) : transcript(ui, picture);
    case "answer":
      return answering(ui, picture, item?.kind === "gate" ? item.id : picture.gates[0]?.gate);
    case "transcript":
      return transcript(ui, picture);
    case "diff":
      return diff(ui, picture);
    case "send":
      return writing(ui, picture);
    case "pause":
      if (picture.over) return told(ui, `${picture.swarm} is ${picture.status}`);
      return { ui, intent: { do: picture.status === "paused" ? "resume" : "pause" } };
    case "resume":
      return { ui, intent: { do: "resume" } };
    case "stop":
      return picture.over ? told(ui, `${picture.swarm} is ${picture.status}`) : to(ui, { at: "confirm" });
    default:
      return { ui, intent: null };
  }
}

/** Keys of the overview by name. */
const MEANS: Readonly<Record<string, string>> = {
  ...{ q: "quit", down: "down", j: "down", up: "up", k: "up", right: "right", l: "right", left: "left", h: "left", tab: "next" },
  ...{ return: "enter", enter: "enter", a: "answer", t: "transcript", d: "diff", s: "send", p: "pause", r: "resume", x: "stop" },
};

const to = (ui: Ui, mode: Mode): Pressed => ({ ui: { ...ui, mode }, intent: null });
const told = (ui: Ui, text: string): Pressed => ({ ui: { ...ui, notice: { text, bad: true } }, intent: null });

function moved(ui: Ui, picture: Picture, by: 1 | -1): Pressed {
  const items = itemsOf(picture);
  const at = items.findIndex((item) => same(item, ui.selected));
  const selected = items[Math.min(items.length - 1, Math.max(0, at + by))] ?? null;
  return { ui: { ...ui, selected }, intent: null };
}

/** The first card of the next column that has one; from elsewhere the first card of all. */
function beside(item: Item | null, { board }: Picture, by: 1 | -1): Item | null {
  const columns = COLUMNS.map((column) => board.columns[column]);
  const at = columns.findIndex((cards) => item?.kind === "task" && cards.some(({ task }) => task === item.id));
  const row = columns[at]?.findIndex(({ task }) => task === item?.id) ?? 0;
  for (let next = at < 0 ? 0 : at + by; next >= 0 && next < columns.length; next += at < 0 ? 1 : by) {
    const cards = columns[next] ?? [];
    const card = cards[Math.min(row, cards.length - 1)];
    if (card) return { kind: "task", id: card.task };
  }
  return item;
}

function nextKind(item: Item | null, picture: Picture): Item | null {
  const items = itemsOf(picture);
  const from = items.findIndex((one) => same(one, item));
  const later = items.slice(from + 1).find(({ kind }) => kind !== item?.kind);
  return later ?? items[0] ?? null;
}

function answering(ui: Ui, picture: Picture, gate: string | undefined): Pressed {
  if (picture.gates.every((one) => one.gate !== gate) || gate === undefined)
    return told(ui, "no gate is open: nothing waits for an answer");
  return to(ui, { at: "answer", gate, text: "" });
}

const cardIn = ({ board }: Picture, item: Item | null): Card | undefined =>
  item?.kind === "task" ? cardsOf(board).find(({ task }) => task === item.id) : undefined;

/** The agent meant by what is selected. */
function seatOf(picture: Picture, item: Item | null): string | null {
  if (item?.kind === "seat") return item.id;
  return cardIn(picture, item)?.seat ?? null;
}

const opened = (ui: Ui, what: Opened): Pressed => ({
  ui: { ...ui, mode: { at: "page", what, top: what.of === "transcript" ? "end" : 0 } },
  intent: { do: "open", what },
});

function transcript(ui: Ui, picture: Picture): Pressed {
  const seat = seatOf(picture, ui.selected);
  return seat === null ? told(ui, "select an agent, or a task that somebody has") : opened(ui, { of: "transcript", seat });
}

function diff(ui: Ui, picture: Picture): Pressed {
  const { selected } = ui;
  const task = selected?.kind === "task" ? selected.id : picture.seats.find(({ seat }) => seat === selected?.id)?.task;
  if (task === undefined || task === null) return told(ui, "select a task");
  const card = cardsOf(picture.board).find((one) => one.task === task);
  return card?.diff ? opened(ui, { of: "diff", task }) : told(ui, `${task} has no submitted work yet`);
}

/** To whom is selected; else to the queen, else to the first agent there is. */
function writing(ui: Ui, picture: Picture): Pressed {
  const { seats } = picture;
  const reader = seatOf(picture, ui.selected) ?? seats.find(({ role }) => role === "queen")?.seat ?? seats[0]?.seat;
  return reader === undefined ? told(ui, "no agent is there to read it") : to(ui, { at: "write", to: reader, text: "" });
}

function onPage(ui: Ui, mode: Extract<Mode, { at: "page" }>, { name, ctrl }: Key, { lines, rows }: PageSize): Pressed {
  const last = Math.max(0, lines - rows);
  const top = mode.top === "end" ? last : Math.min(mode.top, last);
  // Whoever comes back to the end of a transcript follows it again.
  const at = (next: number): Pressed =>
    to(ui, { ...mode, top: next >= last && mode.what.of === "transcript" ? "end" : Math.max(0, Math.min(next, last)) });
  if (ctrl) return { ui, intent: null };
  switch (name) {
    case "q":
    case "escape":
    case "left":
      return to(ui, OVERVIEW);
    case "up":
    case "k":
      return at(top - 1);
    case "down":
    case "j":
      return at(top + 1);
    case "pageup":
    case "b":
      return at(top - rows);
    case "pagedown":
    case "space":
      return at(top + rows);
    case "home":
    case "g":
      return at(0);
    case "end":
    case "G":
      return at(last);
    default:
      return { ui, intent: null };
  }
}

/** A line being typed: enter ends it, escape leaves it. `done` gives the wish; null: nothing is wished, and it goes on. */
function typed<M extends Typing>(ui: Ui, mode: M, key: Key, done: (mode: M) => Intent | null): Pressed {
  if (key.name === "escape") return to(ui, OVERVIEW);
  if (key.name === "return" || key.name === "enter") {
    const intent = done(mode);
    return intent === null ? { ui, intent } : { ui: { ...ui, mode: OVERVIEW }, intent };
  }
  if (key.name === "backspace") return to(ui, { ...mode, text: [...mode.text].slice(0, -1).join("") });
  if (key.ctrl) return key.name === "u" ? to(ui, { ...mode, text: "" }) : { ui, intent: null };
  return mode.text.length + key.text.length > LONGEST_TEXT ? { ui, intent: null } : to(ui, { ...mode, text: mode.text + key.text });
}

/** A number stands for an option, as at every other question of skep. */
function answerOf({ gate, text }: Extract<Mode, { at: "answer" }>, { gates }: Picture): Intent | null {
  const asked: GateRow | undefined = gates.find((one) => one.gate === gate);
  const words = text.trim();
  return words === "" ? null : { do: "answer", gate, answer: chosen(asked?.options ?? [], words) };
}

function unknown(mode: never): never {
  throw new Error(`unhandled ${JSON.stringify(mode)}`);
}
