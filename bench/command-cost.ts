/**
 * What a command costs in a swarm of 10,000 open tasks against one of 100: decided, durable and looked at by react. Once on
 * files, as it is; once in memory, where no disk hides a cost that grows.
 */
import path from "node:path";
import { systemClock } from "../src/base/clock.ts";
import { react } from "../src/domain/react.ts";
import { openLedger } from "../src/engine/ledger.ts";
import { openMemoryStore } from "../src/store/memory/store.ts";
import type { Store } from "../src/store/ports.ts";
import type { Figure } from "./figure.ts";
import { pairs } from "./pairs.ts";
import { inTempDir, openStore, SWARM } from "./stage.ts";
import { fillSwarm, RULES_OF_DOMAIN, workOne } from "./swarm.ts";

const MANY = 10_000;
const FEW = 100;
const PAIRS = 60;

export const commandOnFiles = (): Promise<Figure> => inTempDir((dir) => compare("on files", (name) => openStore(path.join(dir, name))));

export const commandInMemory = (): Promise<Figure> => compare("in memory", async () => openMemoryStore());

async function compare(where: string, open: (name: string) => Promise<Store>): Promise<Figure> {
  const many = await worker(await open("many"), MANY);
  const few = await worker(await open("few"), FEW);
  const paired = await pairs(PAIRS, many.work, few.work);
  await Promise.all([many.close(), few.close()]);
  const name = `claim, submit, commit at ${MANY} tasks, ${where}`;
  return { name, unit: "ms", ...paired, target: "at most 1.5 × its cost at 100 tasks", met: paired.ratio <= 1.5 };
}

async function worker(store: Store, tasks: number): Promise<{ work: () => Promise<void>; close: () => Promise<void> }> {
  const { log, close } = await store.create(SWARM).then((swarm) => ({ log: swarm.log, close: () => swarm.close() }));
  await fillSwarm(log, tasks, 1);
  const ledger = await openLedger(log, RULES_OF_DOMAIN);
  return {
    work: async () => {
      if ((await workOne(ledger, 0)) === null) throw new Error("no task is open");
      react(ledger.state, systemClock.now());
    },
    close,
  };
}
