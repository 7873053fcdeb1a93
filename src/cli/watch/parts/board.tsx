/** The tasks in four columns: to do, at work, in review, done. */
import { Box } from "ink";
import { type Board as BoardRows, type Card, COLUMNS, type Column } from "../board.ts";
import { windowOf } from "../room.ts";
import type { Item } from "../ui.ts";
import { markSign, markTone } from "./marks.ts";
import { Row } from "./say.tsx";
import { More, Section } from "./section.tsx";

/** Lines of one card; where there is room the second says who has it, or why it waits. */
const cardRows = (width: number): number => (width < 110 ? 1 : 2);

/** What the longest column would fill, with the heading. */
export const boardRows = ({ columns }: BoardRows, width: number): number => {
  const longest = Math.max(0, ...COLUMNS.map((column) => columns[column].length));
  return longest === 0 ? 0 : 1 + longest * cardRows(width);
};

interface Props {
  readonly board: BoardRows;
  readonly selected: Item | null;
  readonly width: number;
  /** With the heading. */
  readonly rows: number;
}

export function Board({ board, selected, width, rows }: Props) {
  const gap = 2;
  const each = Math.floor((width - gap * (COLUMNS.length - 1)) / COLUMNS.length);
  // The last one takes what does not go into four.
  const last = width - (each + gap) * (COLUMNS.length - 1);
  return (
    <Box columnGap={gap} width={width} height={rows} overflow="hidden">
      {COLUMNS.map((column) => (
        <Pile
          key={column}
          column={column}
          cards={board.columns[column]}
          selected={selected}
          width={column === "done" ? last : each}
          rows={rows}
          wide={width}
        />
      ))}
    </Box>
  );
}

interface PileProps extends Omit<Props, "board"> {
  readonly column: Column;
  readonly cards: readonly Card[];
  readonly wide: number;
}

function Pile({ column, cards, selected, width, rows, wide }: PileProps) {
  const lines = cardRows(wide);
  const at = cards.findIndex(({ task }) => selected?.kind === "task" && selected.id === task);
  const fits = Math.max(1, Math.floor((rows - 1) / lines));
  const { shown, hidden } = windowOf(cards, fits, at);
  return (
    <Section name={`${column} ${cards.length}`} width={width}>
      {shown.map((card) => (
        <CardLines key={card.task} card={card} lines={lines} chosen={selected?.kind === "task" && selected.id === card.task} />
      ))}
      <More hidden={hidden} />
    </Section>
  );
}

function CardLines({ card, lines, chosen }: { readonly card: Card; readonly lines: number; readonly chosen: boolean }) {
  const { task, title, mark } = card;
  const sign = { text: chosen ? "▸" : markSign(mark), tone: chosen ? ("chosen" as const) : markTone(mark), width: 1 };
  const quiet = mark === "merged" || mark === "dropped" ? "quiet" : "plain";
  return (
    <Box flexDirection="column">
      <Row cells={[sign, { text: `${task} ${title}`, tone: chosen ? "chosen" : quiet }]} />
      {lines > 1 ? <Row indent={2} cells={[{ text: more(card), tone: "quiet" }]} /> : null}
    </Box>
  );
}

function more({ status, seat, attempt, why, mark }: Card): string {
  const tries = attempt > 1 ? `attempt ${attempt}` : "";
  const stands = mark === "waits" || status === "claimed" ? "" : status;
  return [stands, seat ?? "", tries, why ?? ""].filter((part) => part !== "").join(" · ") || status;
}
