/** Small files of the host, and the guard against starting it twice. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../../../src/base/clock.ts";
import { withLock } from "../../../src/store/file/courtesy.ts";
import { writeDurable } from "../../../src/store/file/durable.ts";
import { fileIo } from "../../../src/store/file/io.ts";
import { fileRecord } from "../../../src/store/file/record.ts";
import { tempDir } from "../../support/temp.ts";
import { quiet } from "../support/adapters.ts";

const HOST = z.object({ port: z.number().int(), pid: z.number().int() });
const deps = { clock: systemClock, logger: quiet };

test("[store.record] a record is written whole, for its owner alone, and read back", async () => {
  const record = fileRecord(path.join(tempDir(), "host.json"), HOST);
  expect(await record.read()).toBeNull();
  await Promise.all(Array.from({ length: 10 }, (_, n) => record.write({ port: n, pid: n })));
  const value = await record.read();
  expect(value?.port).toBe(value?.pid);
  expect(statSync(record.path).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(record.path))).toEqual(["host.json"]);
  await record.remove();
  await record.remove();
  expect(await record.read()).toBeNull();
});

test.each(["", "{", "null", '{"port":"1","pid":2}', '{"port":1}'])(
  "[store.record.damaged] %j is refused by the file's name",
  async (text) => {
    const record = fileRecord(path.join(tempDir(), "host.json"), HOST);
    writeFileSync(record.path, text);
    await expect(record.read()).rejects.toMatchObject({
      code: "RECORD_DAMAGED",
      message: expect.stringContaining("host.json"),
      next: expect.stringContaining("delete"),
    });
  },
);

test("[store.record.full] a write cut short by a full disk leaves the old file and nothing else", async () => {
  const file = path.join(tempDir(), "host.json");
  await writeDurable(file, "old");
  const io = { ...fileIo, write: (fd: number, bytes: Uint8Array) => fileIo.write(fd, bytes.subarray(0, 2)) };
  await expect(writeDurable(file, "new text", io)).rejects.toMatchObject({ code: "STORE_FULL" });
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(path.dirname(file))).toEqual(["host.json"]);
});

test("[store.stampede] several who want to start one program start one", async () => {
  const file = path.join(tempDir(), "host");
  let running = false;
  let starts = 0;
  const ensure = async () => {
    if (running) return;
    starts++;
    await new Promise((resolve) => setImmediate(resolve));
    running = true;
  };
  await Promise.all(Array.from({ length: 6 }, () => withLock(file, ensure, deps)));
  expect(starts).toBe(1);
});

test("[store.stampede] a lock left by the dead or a folder that is not there stops nobody", async () => {
  const file = path.join(tempDir(), "host");
  mkdirSync(`${file}.lock`);
  expect(await withLock(file, async () => "done", deps, { perHolderMs: 30, inAllMs: 200 })).toBe("done");
  expect(await withLock(path.join(file, "none", "x"), async () => "done", deps)).toBe("done");
  await expect(withLock(`${file}2`, () => Promise.reject(new Error("no")), deps)).rejects.toThrow("no");
  expect(await withLock(`${file}2`, async () => "free again", deps)).toBe("free again");
});
