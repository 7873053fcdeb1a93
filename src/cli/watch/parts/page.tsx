/** A transcript or a diff, as much of it as fits. */
import { Box } from "ink";
import type { Opened } from "../ui.ts";
import { Row, Say, type Tone } from "./say.tsx";

interface Props {
  readonly what: Opened;
  readonly lines: readonly string[];
  readonly top: number | "end";
  readonly width: number;
  readonly rows: number;
}

export const PAGE_HEAD = 1;

export function Page({ what, lines, top, width, rows }: Props) {
  const fits = rows - PAGE_HEAD;
  const last = Math.max(0, lines.length - fits);
  const from = top === "end" ? last : Math.min(top, last);
  const title = what.of === "diff" ? `diff of ${what.task}` : `transcript of ${what.seat}`;
  const place =
    lines.length === 0 ? "" : `${from + 1}–${Math.min(lines.length, from + fits)} of ${lines.length}${top === "end" ? ", follows" : ""}`;
  return (
    <Box flexDirection="column" width={width}>
      <Row
        cells={[
          { text: title, tone: "strong" },
          { text: place, tone: "quiet", width: place.length, right: true },
        ]}
      />
      {lines.length === 0 ? <Say tone="quiet">nothing is written yet</Say> : null}
      {lines.slice(from, from + fits).map((line, at) => (
        <Say key={at} tone={what.of === "diff" ? diffTone(line) : transcriptTone(line)}>
          {line === "" ? " " : line}
        </Say>
      ))}
    </Box>
  );
}

function diffTone(line: string): Tone {
  if (line.startsWith("@@")) return "chosen";
  if (/^(\+\+\+|---|diff |index )/.test(line)) return "strong";
  if (line.startsWith("+")) return "good";
  return line.startsWith("-") ? "bad" : "plain";
}

const transcriptTone = (line: string): Tone => (/^\d\d:\d\d:\d\d /.test(line) ? "quiet" : "plain");
