/** Takes tasks until none is open and answers with their ids. Arguments: store root, number of the worker. */
import { openLedger } from "../../src/engine/ledger.ts";
import { atTheStart } from "../crew.ts";
import { openStore, SWARM } from "../stage.ts";
import { RULES_OF_DOMAIN, workOne } from "../swarm.ts";

const [root = "", n = "0"] = process.argv.slice(2);
const store = await (await openStore(root)).open(SWARM);
const ledger = await openLedger(store.log, RULES_OF_DOMAIN);
await atTheStart(async () => {
  const done: string[] = [];
  for (let id = await workOne(ledger, Number(n)); id !== null; id = await workOne(ledger, Number(n))) done.push(id);
  return done;
});
await store.close();
