/** From storing a note to its being taken in by an agent in the middle of a turn; beside it, the pause between its tool calls. */
import { sleep } from "../src/base/clock.ts";
import type { SeatId } from "../src/base/ids.ts";
import { type Figure, percentile, round } from "./figure.ts";
import { withHost } from "./host.ts";
import { timed } from "./pairs.ts";

const LETTERS = 40;
const QUEEN = "queen" as SeatId;
const LOOK_MS = 1;
/** What the agent does between two looks at its mail: a tool call a moment. */
const STEP_MS = 50;
const BUSY = { queen: Array.from({ length: 900 }, () => ({ sleepMs: STEP_MS })) };

export const mailBusy = (): Promise<Figure> =>
  withHost(
    async ({ swarm }) => {
      const taken: number[] = [];
      const handed: number[] = [];
      for (let n = 0; n < LETTERS; n++) {
        const letter = { from: "operator", to: QUEEN, kind: "note", subject: `note ${n}`, body: "For your information." } as const;
        let id = "";
        const until = async (passed: readonly string[]): Promise<void> => {
          while (!passed.includes((await swarm.mail.state(QUEEN, id)) ?? "stored")) await sleep(LOOK_MS);
        };
        let first = 0;
        const all = await timed(async () => {
          first = await timed(async () => {
            ({ id } = await swarm.mail.send(letter));
            await until(["offered", "seen"]);
          });
          await until(["seen"]);
        });
        handed.push(first);
        taken.push(all);
      }
      const value = round(percentile(taken, 0.95));
      return {
        name: "stored to seen, by an agent in a turn (p95)",
        value,
        unit: "ms",
        floor: STEP_MS,
        ratio: round(value / STEP_MS),
        target: "at most 150 ms beyond the agent's next tool boundary",
        met: value <= 150 + STEP_MS,
        facts: {
          handedMedian: round(percentile(handed, 0.5)),
          handedP95: round(percentile(handed, 0.95)),
          median: round(percentile(taken, 0.5)),
        },
      };
    },
    { playbook: BUSY, until: "begun" },
  );
