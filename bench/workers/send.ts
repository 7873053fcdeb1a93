/** Sends `count` messages to one inbox and answers with the ids it was given. Arguments: store root, sender, count. */
import { atTheStart } from "../crew.ts";
import { BODY, INBOX, openStore, SWARM } from "../stage.ts";

const [root = "", from = "", count = "0"] = process.argv.slice(2);
const { mail, close } = await (await openStore(root)).open(SWARM).then((store) => ({ mail: store.mail, close: () => store.close() }));
await atTheStart(async () => {
  const ids: string[] = [];
  for (let n = 0; n < Number(count); n++) {
    ids.push((await mail.send({ from, to: INBOX, kind: "note", subject: `${from} ${n}`, body: BODY })).id);
  }
  return ids;
});
await close();
