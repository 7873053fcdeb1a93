/** The newest letters of the swarm: who wrote to whom, and whether it was read. */
import type { MailRow } from "../letters.ts";
import { clockTime } from "../words.ts";
import { Row, Say } from "./say.tsx";
import { Section } from "./section.tsx";

interface Props {
  /** Newest last. */
  readonly mail: readonly MailRow[];
  readonly width: number;
  readonly rows: number;
}

export function Mail({ mail, width, rows }: Props) {
  const yours = mail.filter(({ yours, unread }) => yours && unread).length;
  return (
    <Section name="mail" note={yours === 0 ? "" : `${yours} to you`} width={width}>
      {mail.length === 0 ? <Say tone="quiet">{"  no letters yet"}</Say> : null}
      {mail.slice(-Math.max(1, rows - 1)).map(({ id, at, from, to, subject, unread, yours }) => {
        const way = `${from} → ${to}`;
        return (
          <Row
            key={id}
            indent={2}
            cells={[
              { text: clockTime(at), tone: "quiet", width: 8 },
              { text: way, tone: yours && unread ? "yours" : "plain", width: Math.min(way.length, 26) },
              { text: subject, tone: unread ? "plain" : "quiet" },
              { text: unread ? "unread" : "", tone: "quiet", width: 6, right: true },
            ]}
          />
        );
      })}
    </Section>
  );
}
