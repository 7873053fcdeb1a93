/**
 * What a command costs in a swarm of 10,000 open tasks against one of 100, and in a log of 100,000 commits against one of 100:
 * decided, durable and looked at by react. On files, as it is; of tasks once in memory, where no disk hides a cost that grows.
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

const MANY_COMMITS = 100_000;

interface Filling {
  readonly tasks: number;
  readonly commits?: number;
}
type Open = (name: string) => Promise<Store>;

const onFiles = (work: (open: Open) => Promise<Figure>): Promise<Figure> =>
  inTempDir((dir) => work((name) => openStore(path.join(dir, name))));

export const commandOnFiles = (): Promise<Figure> => onFiles((open) => compare("tasks, on files", open, { tasks: MANY }));

export const commandInMemory = (): Promise<Figure> => compare("tasks, in memory", async () => openMemoryStore(), { tasks: MANY });

export const commandAtCommits = (): Promise<Figure> =>
  onFiles((open) => compare("commits, on files", open, { tasks: FEW, commits: MANY_COMMITS }));

async function compare(where: string, open: Open, filling: Filling): Promise<Figure> {
  const many = await worker(await open("many"), filling);
  const few = await worker(await open("few"), { tasks: FEW, ...(filling.commits === undefined ? {} : { commits: FEW }) });
  const paired = await pairs(PAIRS, many.work, few.work);
  await Promise.all([many.close(), few.close()]);
  const name = `claim, submit, commit at ${filling.commits ?? filling.tasks} ${where}`;
  return { name, unit: "ms", ...paired, target: `at most 1.5 × its cost at ${FEW}`, met: paired.ratio <= 1.5 };
}

async function worker(store: Store, { tasks, commits }: Filling): Promise<{ work: () => Promise<void>; close: () => Promise<void> }> {
  const { log, close } = await store.create(SWARM).then((swarm) => ({ log: swarm.log, close: () => swarm.close() }));
  await fillSwarm(log, tasks, 1, commits);
  const ledger = await openLedger(log, RULES_OF_DOMAIN);
  return {
    work: async () => {
      if ((await workOne(ledger, 0)) === null) throw new Error("no task is open");
      react(ledger.state, systemClock.now());
    },
    close,
  };
}
