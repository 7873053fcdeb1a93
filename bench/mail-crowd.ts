/** Sixteen processes sending to one inbox at once: how many a second, and whether every acknowledged one is there, once. */
import path from "node:path";
import { bareStore } from "./bare.ts";
import { crew } from "./crew.ts";
import { type Figure, round } from "./figure.ts";
import { timed } from "./pairs.ts";
import { INBOX, inTempDir, withSwarm } from "./stage.ts";

const PROCESSES = 16;
const LEAST = 300;
const EACH = 200;

export const mailCrowd = (): Promise<Figure> =>
  inTempDir((dir) => {
    const root = path.join(dir, "skep");
    return withSwarm(root, async ({ mail }) => {
      const { ms, results } = await crew<string[]>("send.ts", PROCESSES, (n) => [root, `dev-${n}`, String(EACH)]);
      const acknowledged = results.flat();
      const stored = await mail.list(INBOX, ["stored"]);
      const lost = acknowledged.filter((id) => !stored.includes(id)).length;
      const doubled = stored.length - new Set(acknowledged).size + lost;
      const value = round((acknowledged.length / ms) * 1000);
      const floor = await barePerSecond(dir);
      return {
        name: `${PROCESSES} processes sending`,
        value,
        unit: "messages/s",
        floor,
        ratio: round(value / floor),
        target: `at least ${LEAST}/s, none lost`,
        met: value >= LEAST && lost === 0 && doubled === 0 && acknowledged.length === PROCESSES * EACH,
        facts: { acknowledged: acknowledged.length, lost, doubled },
      };
    });
  });

/** One process, bare files: what the disk itself gives. */
async function barePerSecond(dir: string): Promise<number> {
  const ms = await timed(async () => {
    for (let n = 0; n < EACH; n++) bareStore(dir, `bare-${n}`, "x".repeat(500));
  });
  return round((EACH / ms) * 1000);
}
