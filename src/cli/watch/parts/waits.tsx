/** Why tasks and agents do not move, those with one reason together, and what to do about it. */
import { listed } from "../../../domain/foreign.ts";
import type { WaitRow } from "../picture.ts";
import { windowOf } from "../room.ts";
import { clockTime } from "../words.ts";
import { Row, Say, type Tone } from "./say.tsx";
import { More, Section } from "./section.tsx";

const TONES: Readonly<Record<WaitRow["waitsFor"], Tone>> = { you: "yours", host: "bad", time: "plain", others: "plain", nobody: "quiet" };

export function Waits({ waits, width, rows }: { readonly waits: readonly WaitRow[]; readonly width: number; readonly rows: number }) {
  const { shown, hidden } = windowOf(waits, rows - 1, 0);
  return (
    <Section name="waits" width={width}>
      {waits.length === 0 ? <Say tone="quiet">{"  nothing: what can move moves"}</Say> : null}
      {shown.map(({ who, text, waitsFor, until, command }) => {
        const names = listed(who, 3);
        const when = until === null ? "" : `, goes on at ${clockTime(until)}`;
        const next = command === null ? "" : `. Next: ${command}`;
        return (
          <Row
            key={`${names} ${text}`}
            indent={2}
            cells={[
              { text: names, tone: "strong", width: Math.min(names.length, 24) },
              { text: `${text}${when}${next}`, tone: TONES[waitsFor] },
            ]}
          />
        );
      })}
      <More hidden={hidden} />
    </Section>
  );
}
