/** The swarm in three lines: which one and how it stands, its goal, how far the plan has come. */
import { Box } from "ink";
import type { Mark } from "../board.ts";
import type { Picture } from "../picture.ts";
import { age, amount, money } from "../words.ts";
import { markSign, markTone } from "./marks.ts";
import { Row, Say, type Tone } from "./say.tsx";

export const HEAD_ROWS = 3;
const BAR = 20;

export function Head({ picture, width }: { readonly picture: Picture; readonly width: number }) {
  const { swarm, title, status, ms, plan, spent } = picture;
  const facts = `${plan} · ${age(ms)} · ${money(spent.usd)} · ${amount(spent.tokens)} tokens`;
  return (
    <Box flexDirection="column" width={width}>
      <Row
        cells={[
          { text: swarm, tone: "strong", width: swarm.length },
          { text: status, tone: statusTone(status) },
          { text: facts, width: Math.min(facts.length, width - swarm.length - 12), right: true },
        ]}
      />
      <Say tone="strong">{title}</Say>
      <Progress picture={picture} width={width} />
    </Box>
  );
}

function statusTone(status: Picture["status"]): Tone {
  if (status === "completed") return "good";
  if (status === "failed") return "bad";
  return status === "paused" || status === "stopped" ? "yours" : "chosen";
}

function Progress({ picture: { board }, width }: { readonly picture: Picture; readonly width: number }) {
  const { merged, total, waves } = board;
  const full = total === 0 ? 0 : Math.round((merged / total) * BAR);
  const words = total === 0 ? "no tasks yet" : `${merged} of ${total} merged`;
  return (
    <Box height={1} columnGap={2}>
      <Box flexShrink={0}>
        <Say tone="good">{"━".repeat(full)}</Say>
        <Say tone="quiet">{"─".repeat(BAR - full)}</Say>
      </Box>
      <Box flexShrink={0}>
        <Say>{words}</Say>
      </Box>
      <Waves waves={waves} width={width - BAR - words.length - 4} />
    </Box>
  );
}

/** One mark per task, waves side by side; when they do not fit, how many waves are done. */
function Waves({ waves, width }: { readonly waves: Picture["board"]["waves"]; readonly width: number }) {
  const needs = 6 + waves.reduce((sum, wave) => sum + wave.length + 1, 0);
  if (waves.length === 0) return null;
  if (needs > width) {
    const done = waves.filter((wave) => wave.every(ended)).length;
    return <Say>{`${done} of ${waves.length} waves done`}</Say>;
  }
  return (
    <Box columnGap={1}>
      <Say tone="quiet">waves</Say>
      {waves.map((wave, at) => (
        <Box key={at}>
          {wave.map((mark, place) => (
            <Say key={place} tone={markTone(mark)}>
              {markSign(mark)}
            </Say>
          ))}
        </Box>
      ))}
    </Box>
  );
}

const ended = (mark: Mark): boolean => mark === "merged" || mark === "failed" || mark === "dropped";
