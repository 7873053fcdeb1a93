/** What waits for the person: open gates with their options, what else holds up the whole swarm, budgets near their cap. */
import { Box } from "ink";
import { inline } from "../../../domain/foreign.ts";
import type { GateRow, Picture, Still } from "../picture.ts";
import { windowOf } from "../room.ts";
import type { Item } from "../ui.ts";
import { age, clockTime } from "../words.ts";
import { Row, Say, type Tone } from "./say.tsx";
import { More } from "./section.tsx";

const ROWS = 2;

export const gateRows = ({ gates, still, budgets }: Picture): number => gates.length * ROWS + (still ? 1 : 0) + budgets.length;

interface Props {
  readonly picture: Picture;
  readonly selected: Item | null;
  readonly width: number;
  readonly rows: number;
}

export function Gates({ picture: { gates, still, budgets }, selected, width, rows }: Props) {
  const room = Math.max(1, Math.floor((rows - (still ? 1 : 0) - budgets.length) / ROWS));
  const at = gates.findIndex(({ gate }) => selected?.kind === "gate" && selected.id === gate);
  const { shown, hidden } = windowOf(gates, room, at);
  return (
    <Box flexDirection="column" width={width} overflow="hidden" height={rows}>
      {still ? <StillLine still={still} /> : null}
      {shown.map((gate) => (
        <Gate key={gate.gate} gate={gate} chosen={selected?.kind === "gate" && selected.id === gate.gate} />
      ))}
      <More hidden={hidden} />
      {budgets.map((line) => (
        <Say key={line} tone="yours">{`budget: ${line}`}</Say>
      ))}
    </Box>
  );
}

const HEADS = { you: "waits for you", time: "goes on by itself", others: "stands still", host: "nobody acts", nobody: "" } as const;
const TONES: Readonly<Record<Still["waitsFor"], Tone>> = { you: "yours", time: "quiet", others: "yours", host: "bad", nobody: "quiet" };

function StillLine({ still: { waitsFor, text, until } }: { readonly still: Still }) {
  const head = HEADS[waitsFor];
  const when = until === null ? "" : ` at ${clockTime(until)} UTC`;
  return <Say tone={TONES[waitsFor]}>{head === "" ? text : `${head}${when}: ${text}`}</Say>;
}

function Gate({ gate: { gate, who, title, options, fallback, ms, leftMs }, chosen }: { readonly gate: GateRow; readonly chosen: boolean }) {
  const words = options.map((option, at) => `${at + 1} ${inline(option, 80)}`).join("   ");
  const left = fallback === null || leftMs === null ? "" : `   else ${fallback} in ${age(leftMs)}`;
  return (
    <Box flexDirection="column">
      <Row
        cells={[
          { text: `${chosen ? "▸" : " "} ${gate}`, tone: chosen ? "chosen" : "yours", width: gate.length + 2 },
          { text: `${who === "" ? "" : `${who}: `}${title}`, tone: "yours" },
          { text: age(ms), tone: "quiet", width: 9, right: true },
        ]}
      />
      <Row indent={gate.length + 3} cells={[{ text: `${words === "" ? "in your own words" : words}${left}`, tone: "plain" }]} />
    </Box>
  );
}
