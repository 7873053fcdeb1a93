/** `message_send` as a client calls it, against a bare tool on the same SDK that writes, syncs and renames the same bytes. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { MAIN } from "./built.ts";
import type { Figure } from "./figure.ts";
import { buildFloor } from "./floor-build.ts";
import { withHost } from "./host.ts";
import { pairs } from "./pairs.ts";
import { BODY, inTempDir } from "./stage.ts";
import { BareClient } from "./stdio-client.ts";

const PAIRS = 200;

export const mailTool = (): Promise<Figure> =>
  inTempDir((dir) =>
    withHost(async ({ root }) => {
      const bare = path.join(dir, "bare");
      mkdirSync(bare);
      const floor = await buildFloor(path.join(dir, "floor"));
      const [ours, theirs] = [
        new BareClient([process.execPath, MAIN, "mcp"], { cwd: root }),
        new BareClient([process.execPath, floor, bare], { cwd: root }),
      ];
      try {
        for (const client of [ours, theirs]) await client.initialize();
        let n = 0;
        const paired = await pairs(
          PAIRS,
          () => ours.tool("message_send", { to: "dev-0", subject: `note ${n++}`, body: BODY }),
          () => theirs.tool("store", { text: BODY }),
        );
        return {
          name: "durable message_send, as a tool",
          unit: "ms",
          ...paired,
          target: "at most 1.5 × the floor",
          met: paired.ratio <= 1.5,
        };
      } finally {
        await Promise.all([ours.close(), theirs.close()]);
      }
    }),
  );
