/** A process that moves letters of one inbox onward: `mover.ts <root> <swarm> <inbox> see|withdraw`; prints the ids it moved. */
import { writeSync } from "node:fs";
import type { SeatId, SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { openFileStore } from "../../../src/store/file/store.ts";

const [root = "", swarm = "", inbox = "", then = ""] = process.argv.slice(2);
const store = await openFileStore(root, { logger: createLogger("mover", "silent"), watch: false });
const { mail } = await store.open(swarm as SwarmId);
const moved: string[] = [];
for (const id of await mail.list(inbox as SeatId, ["stored"])) {
  if (!(await mail.offer(inbox as SeatId, id, { session: "x1" }))) continue;
  moved.push(id);
  if (then === "see") await mail.see(inbox as SeatId, id, { session: "x1", proof: "receipt" });
  else await mail.withdraw(inbox as SeatId, id);
}
writeSync(1, JSON.stringify(moved));
