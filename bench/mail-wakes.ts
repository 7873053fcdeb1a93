/** From storing a question to its handing over to an idle agent, through a real host; beside it, the bare notice of a new file. */
import { mkdirSync, renameSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { sleep } from "../src/base/clock.ts";
import type { SeatId } from "../src/base/ids.ts";
import { type Figure, percentile, round } from "./figure.ts";
import { type Hosted, withHost } from "./host.ts";
import { timed } from "./pairs.ts";
import { inTempDir } from "./stage.ts";

const LETTERS = 50;
const QUEEN = "queen" as SeatId;
const LOOK_MS = 1;

export const mailWakes = (): Promise<Figure> =>
  inTempDir((dir) =>
    withHost(async (hosted) => {
      const [ours, floor]: [number[], number[]] = [[], []];
      for (let n = 0; n < LETTERS; n++) {
        ours.push(await untilOffered(hosted, n));
        floor.push(await untilNoticed(path.join(dir, String(n))));
      }
      const [value, bare] = [round(percentile(ours, 0.95)), round(percentile(floor, 0.95))];
      return {
        name: "stored to offered, to an idle agent (p95)",
        value,
        unit: "ms",
        floor: bare,
        ratio: round(value / bare),
        target: "at most 150 ms",
        met: value <= 150,
        facts: { median: round(percentile(ours, 0.5)), most: round(Math.max(...ours)), letters: LETTERS },
      };
    }),
  );

async function untilOffered({ swarm }: Hosted, n: number): Promise<number> {
  const letter = { from: "operator", to: QUEEN, kind: "question", subject: `question ${n}`, body: "Are you there?" } as const;
  // From before the send: the host may hand it over while its sender still waits for the disk.
  const ms = await timed(async () => {
    const { id } = await swarm.mail.send(letter);
    while ((await swarm.mail.state(QUEEN, id)) === "stored") await sleep(LOOK_MS);
  });
  // She reads and rests again before the next one.
  const rested = await swarm.until(
    (state) => {
      const session = [...state.sessions.values()].find(({ seat }) => seat === QUEEN);
      return session?.turn === "idle" && session.turns >= n + 2 ? true : null;
    },
    { timeoutMs: 20_000 },
  );
  if (!rested) throw new Error(`no turn followed question ${n}`);
  return ms;
}

/** One process that watches a folder and moves what comes into it: what the system itself takes. */
async function untilNoticed(folder: string): Promise<number> {
  for (const name of ["draft", "new", "offered"]) mkdirSync(path.join(folder, name), { recursive: true });
  const watcher = watch(path.join(folder, "new"));
  try {
    const moved = new Promise<void>((resolve) => {
      watcher.once("change", () => {
        renameSync(path.join(folder, "new", "letter"), path.join(folder, "offered", "letter"));
        resolve();
      });
    });
    return await timed(() => {
      writeFileSync(path.join(folder, "draft", "letter"), "x");
      renameSync(path.join(folder, "draft", "letter"), path.join(folder, "new", "letter"));
      return moved;
    });
  } finally {
    watcher.close();
  }
}
