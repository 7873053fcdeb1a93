/** What happened last. */
import { clockTime } from "../words.ts";
import { Row, type Tone } from "./say.tsx";
import { Section } from "./section.tsx";

export interface NewsLine {
  readonly at: number;
  readonly text: string;
}
interface Props {
  /** Newest last. */
  readonly news: readonly NewsLine[];
  readonly width: number;
  readonly rows: number;
}

export function News({ news, width, rows }: Props) {
  return (
    <Section name="news" width={width}>
      {news.slice(-Math.max(1, rows - 1)).map(({ at, text }, place) => (
        <Row
          key={place}
          indent={2}
          cells={[
            { text: clockTime(at), tone: "quiet", width: 8 },
            { text, tone: toneOf(text) },
          ]}
        />
      ))}
    </Section>
  );
}

function toneOf(text: string): Tone {
  if (/ merged as |^landed /.test(text)) return "good";
  if (/^gate /.test(text)) return "yours";
  return / failed|refused|ended: /.test(text) ? "bad" : "plain";
}
