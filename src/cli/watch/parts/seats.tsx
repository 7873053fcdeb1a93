/** The team: who does what, on which CLI, how many turns, its last sign of life, its cost. */
import type { SeatRow } from "../picture.ts";
import { windowOf } from "../room.ts";
import type { Item } from "../ui.ts";
import { age, money } from "../words.ts";
import { type Cell, Row } from "./say.tsx";
import { More, Section } from "./section.tsx";

interface Props {
  readonly seats: readonly SeatRow[];
  readonly selected: Item | null;
  readonly width: number;
  /** With the heading. */
  readonly rows: number;
}

/** The widest of what is there, within bounds, so that columns stand straight and nothing is wasted. */
const widest = (words: readonly string[], most: number): number => Math.min(most, Math.max(0, ...words.map((word) => word.length)));

export function Seats({ seats, selected, width, rows }: Props) {
  const at = seats.findIndex(({ seat }) => selected?.kind === "seat" && selected.id === seat);
  const { shown, hidden } = windowOf(seats, rows - 1, at);
  const name = widest(
    seats.map(({ seat }) => seat),
    14,
  );
  const cli = widest(
    seats.map(({ harness }) => harness),
    width < 100 ? 9 : 14,
  );
  const role = widest(
    seats.map(({ role }) => role),
    width < 100 ? 0 : 12,
  );
  return (
    <Section name="team" note={String(seats.length)} width={width}>
      {shown.map((row) => (
        <Row key={row.seat} cells={cells(row, selected?.kind === "seat" && selected.id === row.seat, { name, cli, role })} />
      ))}
      <More hidden={hidden} />
    </Section>
  );
}

function cells(
  { seat, role, harness, doing, turns, turnRuns, quietMs, troubled, usd }: SeatRow,
  chosen: boolean,
  wide: { readonly name: number; readonly cli: number; readonly role: number },
): readonly Cell[] {
  const idle = quietMs === null;
  return [
    { text: `${chosen ? "▸" : " "} ${seat}`, tone: chosen ? "chosen" : idle ? "quiet" : "strong", width: wide.name + 2 },
    ...(wide.role === 0 ? [] : [{ text: role, tone: "quiet", width: wide.role } as const]),
    { text: harness, tone: "quiet", width: wide.cli },
    { text: doing, tone: troubled ? "yours" : idle ? "quiet" : "plain" },
    { text: turns === null ? "" : `${turnRuns ? "turn" : "turns"} ${turns + (turnRuns ? 1 : 0)}`, tone: "quiet", width: 8, right: true },
    { text: quietMs === null ? "" : age(quietMs), tone: troubled ? "yours" : "quiet", width: 7, right: true },
    { text: money(usd), tone: "quiet", width: 7, right: true },
  ];
}
