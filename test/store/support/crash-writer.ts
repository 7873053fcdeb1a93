/**
 * One writer of the crash test, made to be killed: commits and sends by key, and says on stdout what was acknowledged.
 * `crash-writer.ts <order as JSON>`. Some of its writes are torn on purpose, and it dies in the middle of them.
 */
import { writeSync } from "node:fs";
import type { SeatId, SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { type FileIo, fileIo } from "../../../src/store/file/io.ts";
import { openFileStore } from "../../../src/store/file/store.ts";
import { seeded } from "./seeded.ts";
import { nothingKnown, submit } from "./writer-loop.ts";

export interface Order {
  readonly root: string;
  readonly swarm: string;
  readonly name: string;
  readonly seed: number;
  /** The first numbers not acknowledged so far. */
  readonly commit: number;
  readonly letter: number;
  /** Of so many writes one is torn. */
  readonly tearOneIn: number;
}
export type Said =
  | { readonly did: "commit"; readonly n: number; readonly seq: number; readonly id: string }
  | { readonly did: "letter"; readonly n: number; readonly id: string }
  | { readonly did: "took"; readonly id: string };

const INBOX = "inbox-0" as SeatId;

const order = JSON.parse(process.argv[2] ?? "") as Order;
const random = seeded(order.seed);
const io: FileIo = {
  ...fileIo,
  write(fd, bytes) {
    if (random() * order.tearOneIn >= 1) return fileIo.write(fd, bytes);
    const most = bytes.length - 1;
    fileIo.write(fd, bytes.subarray(0, random() < 0.25 ? most : Math.floor(random() * most)));
    process.kill(process.pid, "SIGKILL");
    return 0;
  },
};
const say = (said: Said): void => void writeSync(1, `${JSON.stringify(said)}\n`);

const store = await openFileStore(order.root, { logger: createLogger("writer", "silent"), watch: false, io });
const { log, mail } = await store.open(order.swarm as SwarmId);
const known = nothingKnown();

for (let { commit, letter } = order; ; ) {
  const text = "x".repeat(random() < 0.1 ? 50_000 : Math.floor(random() * 400));
  const done = await submit(log, known, `${order.name}-${commit}`, ({ seq }) => [{ after: seq, text }], order.name);
  if (done) say({ did: "commit", n: commit++, seq: done.seq, id: done.id });
  const sent = await mail.send({ from: order.name, to: INBOX, kind: "note", subject: String(letter), body: text, key: `k${letter}` });
  say({ did: "letter", n: letter++, id: sent.id });
  if (random() > 0.2) continue;
  // The next send may find its letter already seen, as a repetition often does.
  for (const id of (await mail.list(INBOX, ["stored"])).slice(0, 5)) {
    if (!(await mail.offer(INBOX, id, { session: "x1" }))) continue;
    say({ did: "took", id });
    await mail.see(INBOX, id, { session: "x1", proof: "receipt" });
  }
}
