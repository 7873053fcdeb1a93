/** Sharing a sync must not mean sharing one that began too early. */
import { expect, test } from "vitest";
import { Flusher } from "../../../src/store/file/flusher.ts";
import { until } from "../../support/until.ts";

test("[store.log.sync] whoever asks while a sync runs waits for the next one, and all of them for the same", async () => {
  const running: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const flusher = new Flusher(() => new Promise((resolve, reject) => running.push({ resolve, reject })));
  const done: string[] = [];
  const ask = (name: string) =>
    flusher.flush().then(
      () => done.push(name),
      () => done.push(`${name} failed`),
    );
  const all = [ask("first"), ask("beside")];
  await until(() => running.length === 1);
  all.push(ask("late"), ask("later"));
  running[0]?.resolve();
  await until(() => running.length === 2);
  expect(done).toEqual(["first"]);
  running[1]?.resolve();
  await Promise.all(all);
  expect(done.sort()).toEqual(["beside", "first", "late", "later"]);
  const failing = ask("unlucky");
  await until(() => running.length === 3);
  running[2]?.reject(new Error("no"));
  await failing;
  await flusher.settled();
  expect(done).toContain("unlucky failed");
});
