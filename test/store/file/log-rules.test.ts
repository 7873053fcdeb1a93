/** What may lie in a log file, and what it counts for: torn, half-written, edited, newer. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Draft } from "../../../src/store/ports.ts";
import { fileSwarm } from "../support/adapters.ts";

const draft = (n: number): Draft => ({ at: n, by: "a", command: "go", events: [{ n, text: "ü" }] });
const line = (seq: number, more: object = {}) =>
  JSON.stringify({ v: 1, seq, id: `other-${seq}`, at: 1, by: "b", command: "go", events: [], ...more });
const logOf = (root: string) => path.join(root, "swarms/s-test/events.jsonl");

async function withCommits(count: number) {
  const made = await fileSwarm();
  for (let n = 1; n <= count; n++) await made.swarm.log.append(n - 1, draft(n));
  return { ...made, file: logOf(made.root) };
}

test("[store.log.torn-tail] a tail torn at any byte is skipped, and the next commit stands on a line of its own", async () => {
  const { file, swarm, open } = await withCommits(1);
  const start = readFileSync(file);
  const next = Buffer.from(line(2));
  for (let length = 1; length < next.length; length++) {
    writeFileSync(file, Buffer.concat([start, next.subarray(0, length)]));
    const { log, close } = await open();
    expect(await log.read(0)).toHaveLength(1);
    expect(await log.append(1, draft(2)), `torn after ${length} bytes`).toMatchObject({ outcome: "won", commit: { seq: 2 } });
    expect(await log.append(2, draft(3))).toMatchObject({ outcome: "won" });
    await close();
    const again = await open();
    expect((await again.log.read(0)).map((commit) => commit.at)).toEqual([1, 2, 3]);
    await again.close();
  }
  await swarm.close();
});

test("[store.log.torn-newline] a line that lacks only its end becomes valid with the next writer, who has lost", async () => {
  const { file, swarm } = await withCommits(1);
  appendFileSync(file, line(2));
  expect(await swarm.log.read(1)).toEqual([]);
  expect(await swarm.log.append(1, draft(2))).toEqual({ outcome: "lost" });
  expect(await swarm.log.read(1)).toMatchObject([{ seq: 2, id: "other-2" }]);
  expect(await swarm.log.append(2, draft(3))).toMatchObject({ outcome: "won" });
});

test("[store.log.half-written] a line another process is still writing is neither an error nor a commit until it is whole", async () => {
  const { file, swarm } = await withCommits(1);
  await swarm.log.read(0);
  const next = Buffer.from(`${line(2, { by: "ü🐝" })}\n`);
  for (const byte of next.subarray(0, -1)) {
    appendFileSync(file, Buffer.from([byte]));
    expect(await swarm.log.read(1)).toEqual([]);
  }
  appendFileSync(file, "\n");
  expect(await swarm.log.read(1)).toMatchObject([{ seq: 2, by: "ü🐝" }]);
});

test("[store.log.noise] blank lines, junk, zeros and a line longer than any buffer are skipped", async () => {
  const { file, swarm, open } = await withCommits(1);
  const junk = ["", "[1]", "null", "7", '{"v":1,"seq":2}', "\0\0\0", '{"v":1', "x".repeat(9_000_000), line(1), line(0)];
  appendFileSync(file, `${junk.join("\n")}\n${line(2)}\n`);
  for (const { log } of [swarm, await open()]) {
    expect((await log.read(0)).map((commit) => commit.seq)).toEqual([1, 2]);
    expect((await log.read(1)).map((commit) => commit.id)).toEqual(["other-2"]);
  }
  expect(await swarm.log.append(2, draft(3))).toMatchObject({ outcome: "won" });
});

test("[store.log.gap] a missing or edited line is refused with its place, for reading and for writing, for good", async () => {
  const { file, swarm, open } = await withCommits(3);
  const lines = readFileSync(file, "utf8").split("\n");
  const first = Buffer.byteLength(`${lines[0]}\n`);
  const damage: [string, number][] = [
    [[lines[0], lines[2], ""].join("\n"), first],
    [[lines[0], lines[1]?.replace('"v":1', '"v":_'), lines[2], ""].join("\n"), Buffer.byteLength(`${lines[0]}\n${lines[1]}\n`)],
  ];
  for (const [text, byte] of damage) {
    writeFileSync(file, text);
    const { log } = await open();
    const refusal = { code: "LOG_DAMAGED", message: expect.stringContaining(`byte ${byte}:`) };
    await expect(log.read(0)).rejects.toMatchObject(refusal);
    await expect(log.append(1, draft(2))).rejects.toMatchObject(refusal);
    expect(readFileSync(file, "utf8")).toBe(text);
  }
  await swarm.close();
});

test("[store.log.newer] a commit of a newer skep is refused, naming the fix, and nothing is written", async () => {
  const { file, swarm } = await withCommits(1);
  appendFileSync(file, `${line(2, { v: 2 })}\n`);
  const before = readFileSync(file, "utf8");
  await expect(swarm.log.read(0)).rejects.toMatchObject({ code: "LOG_NEWER", next: expect.stringContaining("update skep") });
  await expect(swarm.log.append(2, draft(3))).rejects.toMatchObject({ code: "LOG_NEWER" });
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("[store.log.long] a log of many megabytes is read whole and from any point", async () => {
  const { file, open, swarm } = await withCommits(0);
  const body = "ü".repeat(10_000);
  writeFileSync(file, Array.from({ length: 600 }, (_, n) => `${line(n + 1, { by: `${n}${body}` })}\n`).join(""));
  const { log } = await open();
  const all = await log.read(0);
  expect(all).toHaveLength(600);
  expect(all.every((commit, n) => commit.seq === n + 1 && commit.by === `${n}${body}`)).toBe(true);
  expect((await log.read(590)).map((commit) => commit.seq)).toEqual([591, 592, 593, 594, 595, 596, 597, 598, 599, 600]);
  await swarm.close();
});
