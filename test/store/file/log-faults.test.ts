/** What the file log does when the disk, the lock or another process works against it. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { type FileIo, fileIo } from "../../../src/store/file/io.ts";
import { openFileStore } from "../../../src/store/file/store.ts";
import type { Draft, SwarmStore } from "../../../src/store/ports.ts";
import { tempDir } from "../../support/temp.ts";
import { fileSwarm, quiet, SWARM } from "../support/adapters.ts";
import { nothingKnown, submit } from "../support/writer-loop.ts";

const draft = (n: number): Draft => ({ at: n, by: "a", command: "go", events: [{ n }] });
const logOf = (root: string) => path.join(root, "swarms/s-test/events.jsonl");

test("[store.log.created] a new log and every folder that leads to it are synced before the swarm is there", async () => {
  const root = path.join(tempDir("store"), "skep");
  const synced: string[] = [];
  const io: FileIo = {
    ...fileIo,
    fsync: (fd) => {
      synced.push(readlinkSync(`/proc/self/fd/${fd}`));
      return fileIo.fsync(fd);
    },
  };
  const store = await openFileStore(root, { logger: quiet, watch: false, io });
  await store.create(SWARM);
  const names = synced.map((file) => path.relative(root, file).replace(/s-test\.\w+/, "draft"));
  expect(names).toEqual(["", "staging/draft/events.jsonl", "staging/draft", "staging", "swarms", ""]);
  expect(readdirSync(path.join(root, "staging"))).toEqual([]);
  expect(statSync(logOf(root)).mode & 0o777).toBe(0o600);
});

test("[store.log.short-write] a full disk is never a yes; the repeated key makes one commit", async () => {
  let room = 40;
  const write = (fd: number, bytes: Uint8Array) => fileIo.write(fd, bytes.subarray(0, room));
  const { swarm, open } = await fileSwarm({ io: { ...fileIo, write } });
  const known = nothingKnown();
  const ask = () => submit(swarm.log, known, "k", () => [{ n: 1 }]);
  await expect(ask()).rejects.toMatchObject({ code: "STORE_FULL", retryable: true });
  await expect(ask()).rejects.toMatchObject({ code: "STORE_FULL" });
  room = 1e9;
  expect(await ask()).toMatchObject({ seq: 1, key: "k" });
  expect(await ask()).toMatchObject({ seq: 1, key: "k" });
  expect(await (await open()).log.read(0)).toHaveLength(1);
});

test("[store.log.sync-failed] a failed sync is no yes and closes the log; it is never tried again", async () => {
  let tries = 0;
  const fdatasync = () => {
    tries++;
    return Promise.reject(Object.assign(new Error("lost"), { code: "EIO" }));
  };
  const { swarm } = await fileSwarm({ io: { ...fileIo, fdatasync } });
  await swarm.log.append(0, draft(1));
  const syncs = await Promise.allSettled([swarm.log.sync(), swarm.log.sync()]);
  expect(syncs.map((result) => result.status)).toEqual(["rejected", "rejected"]);
  await expect(swarm.log.sync()).rejects.toMatchObject({ code: "STORE_SYNC_FAILED" });
  await expect(swarm.log.read(0)).rejects.toMatchObject({ code: "STORE_SYNC_FAILED" });
  await expect(swarm.log.append(1, draft(2))).rejects.toMatchObject({ code: "STORE_SYNC_FAILED" });
  expect(tries).toBe(1);
});

test("[store.log.sync] callers share a sync, nothing new needs none, and a commit read from another needs one", async () => {
  let count = 0;
  const io: FileIo = {
    ...fileIo,
    fdatasync: (fd) => {
      count++;
      return fileIo.fdatasync(fd);
    },
  };
  const { swarm, open } = await fileSwarm({ io });
  for (let n = 1; n <= 8; n++) await swarm.log.append(n - 1, draft(n));
  await Promise.all(Array.from({ length: 8 }, () => swarm.log.sync()));
  expect(count).toBeLessThanOrEqual(2);
  const before = count;
  await swarm.log.sync();
  expect(count).toBe(before);
  const other = await open();
  await other.log.append(8, draft(9));
  await swarm.log.read(8);
  await swarm.log.sync();
  expect(count).toBe(before + 1);
});

const accidents: [string, (file: string) => void][] = [
  [
    "replaced",
    (file) => {
      renameSync(file, `${file}.old`);
      return writeFileSync(file, readFileSync(`${file}.old`));
    },
  ],
  ["removed", (file) => rmSync(file)],
  ["cut", (file) => truncateSync(file, 10)],
];
test.each(accidents)("[store.log.replaced] a log %s while open is noticed before the next yes", async (_how, accident) => {
  const { root, swarm } = await fileSwarm();
  await swarm.log.append(0, draft(1));
  accident(logOf(root));
  await expect(swarm.log.sync()).rejects.toMatchObject({ code: "LOG_REPLACED" });
  const other = await fileSwarm();
  await other.swarm.log.append(0, draft(1));
  accident(logOf(other.root));
  await expect(other.swarm.log.append(1, draft(2))).rejects.toMatchObject({ code: "LOG_REPLACED" });
  await expect(other.swarm.log.read(1)).rejects.toMatchObject({ code: "LOG_REPLACED" });
});

test("[store.log.lost] a log that is gone is not made anew by opening the swarm", async () => {
  const { root, open } = await fileSwarm();
  rmSync(logOf(root));
  await expect(open()).rejects.toMatchObject({ code: "NO_SWARM" });
  expect(readdirSync(path.dirname(logOf(root)))).not.toContain("events.jsonl");
});

test("[store.log.overtaken] a writer stopped between reading and writing has lost, and knows it", async () => {
  const rivals: SwarmStore[] = [];
  let stop = true;
  const write = (fd: number, bytes: Uint8Array) => {
    // Exactly where SIGSTOP hurts: the comparison is done, the line not yet written, the lock long stolen.
    if (stop) void rivals[0]?.log.append(0, { ...draft(1), by: "rival" });
    stop = false;
    return fileIo.write(fd, bytes);
  };
  const { swarm, open } = await fileSwarm({ io: { ...fileIo, write } });
  rivals.push(await open());
  const decided: number[] = [];
  const commit = await submit(swarm.log, nothingKnown(), "k", ({ seq }) => {
    decided.push(seq);
    return [{ after: seq }];
  });
  expect(commit).toMatchObject({ seq: 2, events: [{ after: 1 }] });
  expect(decided).toEqual([0, 1]);
  expect((await swarm.log.read(0)).map(({ by }) => by)).toEqual(["rival", "writer"]);
});

test("[store.log.dead-lock] a lock left by a dead process delays one commit by 200 ms at most and the next not at all", async () => {
  const first: number[] = [];
  const later: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { root, swarm } = await fileSwarm();
    mkdirSync(`${logOf(root)}.lock`);
    const known = nothingKnown();
    for (let n = 0; n < 3; n++) {
      const start = systemClock.monotonic();
      expect(await submit(swarm.log, known, undefined, () => [{ n }])).toMatchObject({ seq: n + 1 });
      (n === 0 ? first : later).push(systemClock.monotonic() - start);
    }
  }
  // The best of a few: a busy machine adds its own delays, the lock adds the same each time.
  expect(Math.min(...first)).toBeLessThan(200);
  expect(Math.min(...later)).toBeLessThan(25);
});

test("[store.log.lock-fails] whatever the lock does, commits stay right", async () => {
  const failures = ["ENOENT", "ELOCKED", "EACCES", "ECOMPROMISED", "what"];
  let calls = 0;
  const lock = () => {
    const code = failures[calls++ % failures.length];
    if (code === "what") return Promise.resolve(() => Promise.reject(new Error("release failed")));
    return Promise.reject(Object.assign(new Error("lock failed"), { code }));
  };
  const { swarm, open } = await fileSwarm({ lock });
  const rival = await open({ lock });
  const known = [nothingKnown(), nothingKnown()] as const;
  const work = Array.from({ length: 20 }, (_, n) =>
    submit((n % 2 ? rival : swarm).log, known[n % 2 ? 1 : 0], `k${n}`, ({ seq }) => [{ after: seq }]),
  );
  await Promise.all(work);
  const commits = await swarm.log.read(0);
  expect(commits.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  expect(new Set(commits.map(({ key }) => key)).size).toBe(20);
});

test("[store.log.never-cut] nothing in the store cuts, rewrites or renames a log", () => {
  const dir = path.resolve(import.meta.dirname, "../../../src/store");
  const sources = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(15);
  for (const file of sources) {
    const text = readFileSync(path.join(dir, file), "utf8");
    expect(text, file).not.toMatch(/\b(f?truncate(Sync)?|appendFile(Sync)?|createWriteStream)\b/);
    if (file.startsWith("file/log")) expect(text, file).not.toMatch(/\b(rename|unlink|rm|writeFile|copyFile)(Sync)?\b/);
  }
});

const READ_ONLY = `
  import { openFileStore } from ${JSON.stringify(path.resolve(import.meta.dirname, "../../../src/store/file/store.ts"))};
  import { createLogger } from ${JSON.stringify(path.resolve(import.meta.dirname, "../../../src/base/logger.ts"))};
  const tell = async (name, work) => { try { await work(); console.log(name, "ok"); } catch (error) { console.log(name, error.code); } };
  (async () => {
    const store = await openFileStore(process.argv[1], { logger: createLogger("t", "silent"), watch: false });
    const { log, mail, artifacts } = await store.open("s-test");
    await tell("list", async () => { if ((await store.list()).length !== 1) throw new Error("list"); });
    await tell("read", async () => { if ((await log.read(0)).length !== 1) throw new Error("read"); });
    await tell("append", () => log.turn(() => log.append(1, { at: 1, by: "a", command: "go", events: [] })));
    await tell("send", () => mail.send({ from: "dev-0", to: "operator", kind: "note", subject: "s", body: "b" }));
    await tell("put", () => artifacts.put("text"));
    await tell("beat", () => log.beat());
    await tell("create", () => store.create("s-other"));
    await tell("open", () => openFileStore(process.argv[1] + "/none", { logger: createLogger("t", "silent"), watch: false }));
  })();
`;

test("[store.read-only] a folder without write access can be read, and refuses every change by its code", async () => {
  const { root, swarm } = await fileSwarm();
  await swarm.log.append(0, draft(1));
  // Root may write anywhere, so the child gives that up; anyone else only loses the mode bits.
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { execFileSync } = await import("node:child_process");
  execFileSync("chmod", ["-R", "a+rX,a-w", root]);
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", READ_ONLY, root], {
    ...asNobody,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  for await (const chunk of child.stdout) out += String(chunk);
  execFileSync("chmod", ["-R", "u+w", root]);
  const changes = ["append", "send", "put", "beat", "create", "open"].map((name) => `${name} STORE_READONLY`);
  expect(out.trim().split("\n")).toEqual(["list ok", "read ok", ...changes]);
});

test.each([0x6969, 0xff534d42, 0xff534d42 | 0, 0xfe534d42, 0x01021997, 0x65735546])(
  "[store.remote] file system type %d is refused",
  async (type) => {
    const open = openFileStore(tempDir("store"), { logger: quiet, watch: false, statfs: () => ({ type }) });
    await expect(open).rejects.toMatchObject({ code: "STORE_REMOTE", next: expect.stringContaining("local disk") });
  },
);
