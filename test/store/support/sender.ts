/** Sends `count` letters to one inbox and prints the ids it was given: `sender.ts <root> <swarm> <sender> <count>`. */
import { writeSync } from "node:fs";
import type { SeatId, SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { openFileStore } from "../../../src/store/file/store.ts";

const [root = "", swarm = "", from = "", count = ""] = process.argv.slice(2);
const store = await openFileStore(root, { logger: createLogger("sender", "silent"), watch: false });
const { mail, close } = await store.open(swarm as SwarmId).then((opened) => ({ mail: opened.mail, close: () => opened.close() }));
const ids: string[] = [];
for (let n = 0; n < Number(count); n++)
  ids.push((await mail.send({ from, to: "inbox-0" as SeatId, kind: "note", subject: String(n), body: `letter ${n} of ${from}` })).id);
await close();
writeSync(1, JSON.stringify(ids));
