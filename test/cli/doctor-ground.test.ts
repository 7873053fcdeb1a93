/** `skep doctor` and the ground it stands on: disks, and the kernel's limits. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Look } from "../../src/cli/doctor/check.ts";
import { CODES } from "../../src/cli/doctor/codes.ts";
import { looksAt } from "../../src/cli/doctor/inotify.ts";
import { readInotify } from "../../src/proc/inotify.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { skep } from "./support/skep.ts";

async function doctor(worktrees: string): Promise<(what: string) => readonly Look[]> {
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": `worktree: { root: ${worktrees} }\n` });
  const { stdout } = await skep(["doctor", "--json"], { cwd: repo.root });
  const { looks } = JSON.parse(stdout) as { looks: Look[] };
  return (name) => looks.filter(({ what }) => what === name);
}

test("[doctor.disk][doctor.watching] state and worktrees have their room and kind; a disk without room is a finding", async () => {
  const of = await doctor("/proc");
  expect(of("state")).toMatchObject([{ mark: "ok", found: expect.stringMatching(/, [\d.]+ GiB free/) }]);
  expect(of("worktrees")).toMatchObject([
    {
      mark: "warn",
      code: "disk-low",
      found: expect.stringMatching(/^"\/proc\/\w{12}", 0\.0 GiB free/),
      fix: expect.stringContaining("worktree.root"),
    },
  ]);
  expect(of("watching")).toHaveLength(process.platform === "linux" ? 1 : 0);
});

/** What /proc says of two programs that watch, and one that does not. */
function fakeProc(instances: number, watches: number): string {
  const proc = tempDir("proc");
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(proc, file)), { recursive: true });
    writeFileSync(path.join(proc, file), text);
  };
  put("sys/fs/inotify/max_user_instances", `${instances}\n`);
  put("sys/fs/inotify/max_user_watches", `${watches}\n`);
  for (const [pid, wds] of [
    [7, 1],
    [8, 2],
  ] as const) {
    mkdirSync(path.join(proc, `${pid}/fd`), { recursive: true });
    symlinkSync("anon_inode:inotify", path.join(proc, `${pid}/fd/3`));
    symlinkSync("/dev/null", path.join(proc, `${pid}/fd/0`));
    put(`${pid}/fdinfo/3`, `pos:\t0\n${"inotify wd:1 ino:2 sdev:3\n".repeat(wds)}`);
    put(`${pid}/fdinfo/0`, "inotify wd:9\n");
  }
  put("9/fd/1", "");
  return proc;
}

test("[doctor.watching] what is in use is counted, and a limit that is near has the line that raises it", () => {
  expect(readInotify(fakeProc(128, 9_000))).toEqual({ instances: 2, maxInstances: 128, watches: 3, maxWatches: 9_000 });
  expect(readInotify(tempDir("none"))).toBeNull();
  expect(looksAt(readInotify(fakeProc(10, 1_003)))).toMatchObject([
    { mark: "ok", found: "3 of 1,003 watches and 2 of 10 watchers are in use" },
  ]);
  expect(looksAt(readInotify(fakeProc(9, 1_002))).map(({ code, fix }) => [code, fix?.split(" (")[0]])).toEqual([
    ["inotify-watches", "sudo sysctl fs.inotify.max_user_watches=524288"],
    ["inotify-instances", "sudo sysctl fs.inotify.max_user_instances=512"],
  ]);
});

test("[doctor.codes] a look that cannot be done is a finding, and all others are shown", async () => {
  const repo = makeRepo();
  writeFileSync(path.join(repo.root, ".git/index"), "torn");
  const { code, stdout } = await skep(["doctor"], { cwd: repo.root });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✓ git .*\n✗ doctor +GIT_FAILED: git status failed.*\. Next: .* \[look-failed\]\n✓ state /m);
});

test("[doctor.codes] every code in the table is given by a look", () => {
  const folder = path.resolve(import.meta.dirname, "../../src/cli/doctor");
  const files = [
    ...readdirSync(folder)
      .filter((name) => name !== "codes.ts")
      .map((name) => path.join(folder, name)),
    path.resolve(folder, "../doctor.ts"),
  ];
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  expect(Object.keys(CODES).filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
