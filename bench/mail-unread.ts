/** The first page of unread mail in an inbox that holds 10,000 messages. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { SwarmStore } from "../src/store/ports.ts";
import type { Figure } from "./figure.ts";
import { pairs } from "./pairs.ts";
import { BODY, INBOX, inTempDir, withSwarm } from "./stage.ts";

const TOTAL = 10_000;
const PAGE = 20;
const PAIRS = 40;

export const mailUnread = (): Promise<Figure> =>
  inTempDir((dir) =>
    withSwarm(path.join(dir, "skep"), async ({ mail }) => {
      await fill(mail);
      const bare = path.join(dir, "skep");
      const folder = fullest(bare);
      const paired = await pairs(
        PAIRS,
        async () => {
          const ids = await mail.list(INBOX, ["stored"]);
          const letters = await mail.read(INBOX, ids.slice(0, PAGE));
          if (ids.length !== TOTAL || letters.length !== PAGE) throw new Error(`${ids.length} listed, ${letters.length} read`);
        },
        async () => {
          const names = readdirSync(folder).sort();
          for (const name of names.slice(0, PAGE)) readFileSync(path.join(folder, name), "utf8");
        },
      );
      return { name: `first ${PAGE} unread of ${TOTAL}`, unit: "ms", ...paired, target: "at most 10 ms", met: paired.value <= 10 };
    }),
  );

/** Through the port, with enough under way at once that the disk's sync is shared. */
async function fill(mail: SwarmStore["mail"]): Promise<void> {
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < TOTAL) await mail.send({ from: `dev-${next % 25}`, to: INBOX, kind: "note", subject: `note ${next++}`, body: BODY });
  };
  await Promise.all(Array.from({ length: 16 }, send));
}

/** The folder the messages really lie in, so that the floor reads the same files. */
function fullest(root: string): string {
  const folders = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = folders.map((entry) => path.join(entry.parentPath, entry.name));
  const counted = paths.map((folder) => ({ folder, count: readdirSync(folder).length }));
  return counted.sort((a, b) => b.count - a.count)[0]?.folder ?? root;
}
