/** A durable message against a bare write, fsync and rename of the same bytes. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { bareStore } from "./bare.ts";
import type { Figure } from "./figure.ts";
import { pairs } from "./pairs.ts";
import { BODY, INBOX, inTempDir, withSwarm } from "./stage.ts";

const PAIRS = 200;

export const mailSend = (): Promise<Figure> =>
  inTempDir((dir) =>
    withSwarm(path.join(dir, "skep"), async ({ mail }) => {
      const bare = path.join(dir, "bare");
      mkdirSync(bare);
      let n = 0;
      const ours = (): Promise<unknown> => mail.send({ from: "queen-0", to: INBOX, kind: "note", subject: `note ${n++}`, body: BODY });
      const paired = await pairs(PAIRS, ours, async () => bareStore(bare, `note-${n++}`, BODY));
      return { name: "durable mail send", unit: "ms", ...paired, target: "at most 1.5 × the floor", met: paired.ratio <= 1.5 };
    }),
  );
