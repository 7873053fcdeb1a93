/** A process that commits as fast as it can with decisions of 2 ms: `decider.ts <root> <swarm> <name> <count>`. */
import { writeSync } from "node:fs";
import { systemClock } from "../../../src/base/clock.ts";
import type { SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { openFileStore } from "../../../src/store/file/store.ts";
import { nothingKnown, submit } from "./writer-loop.ts";

const [root = "", swarm = "", name = "", count = ""] = process.argv.slice(2);
const store = await openFileStore(root, { logger: createLogger(name, "silent"), watch: false });
const { log } = await store.open(swarm as SwarmId);
const known = nothingKnown();
const seqs: number[] = [];
for (let n = 0; n < Number(count); n++) {
  const commit = await submit(
    log,
    known,
    undefined,
    ({ seq }) => {
      const end = systemClock.monotonic() + 2;
      while (systemClock.monotonic() < end); // a decision is synchronous work
      return [{ after: seq }];
    },
    name,
  );
  if (commit) seqs.push(commit.seq);
}
writeSync(1, JSON.stringify(seqs));
