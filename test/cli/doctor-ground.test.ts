/** `skep doctor` and the ground it stands on: disks, the kernel's limits, and worktrees of swarms that are gone. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../../src/cli/doctor/codes.ts";
import { looksAt } from "../../src/cli/doctor/inotify.ts";
import { worktreesOf } from "../../src/engine/worktree-places.ts";
import { readInotify } from "../../src/proc/inotify.ts";
import { makeRepo, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { skep } from "./support/skep.ts";

interface Look {
  readonly what: string;
  readonly mark: string;
  readonly code?: string;
  readonly found: string;
  readonly fix?: string;
}

async function doctor(repo: TestRepo, ...args: string[]) {
  const { stdout } = await skep(["doctor", "--json", ...args], { cwd: repo.root });
  const { looks, mended = [] } = JSON.parse(stdout) as { looks: Look[]; mended?: Look[] };
  return { of: (name: string) => looks.filter(({ what }) => what === name), mended: mended.map(({ found }) => found) };
}
const rooted = (root: string): TestRepo => {
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": `worktree: { root: ${root} }\n` });
  return repo;
};

test("[doctor.disk] state and worktrees have their room and kind; a disk without room is a finding", async () => {
  const { of } = await doctor(rooted("/proc"));
  expect(of("state")).toMatchObject([{ mark: "ok", found: expect.stringMatching(/, [\d.]+ GiB free/) }]);
  expect(of("worktrees")).toMatchObject([
    {
      mark: "warn",
      code: "disk-low",
      found: expect.stringMatching(/^"\/proc\/\w{12}", 0\.0 GiB free/),
      fix: expect.stringContaining("worktree.root"),
    },
  ]);
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

test("[doctor.watching] what is in use is counted, and a limit that is near has the line that raises it", async () => {
  expect(readInotify(fakeProc(128, 9_000))).toEqual({ instances: 2, maxInstances: 128, watches: 3, maxWatches: 9_000 });
  expect(readInotify(tempDir("none"))).toBeNull();
  expect(looksAt(readInotify(fakeProc(10, 1_003)))).toMatchObject([
    { mark: "ok", found: "3 of 1,003 watches and 2 of 10 watchers are in use" },
  ]);
  expect(looksAt(readInotify(fakeProc(9, 1_002))).map(({ code, fix }) => [code, fix?.split(" (")[0]])).toEqual([
    ["inotify-watches", "sudo sysctl fs.inotify.max_user_watches=524288"],
    ["inotify-instances", "sudo sysctl fs.inotify.max_user_instances=512"],
  ]);
  const real = (await doctor(makeRepo())).of("watching");
  expect(real).toHaveLength(process.platform === "linux" ? 1 : 0);
});

test("[doctor.orphans] of swarms that are gone a name goes and its commit is kept; files stay, and so does what is a person's own", async () => {
  const root = tempDir("worktrees");
  const repo = rooted(root);
  const folder = worktreesOf(root, path.join(repo.commonDir, "skep"));
  const [gone, full, empty] = ["s-gone", "s-full", "s-empty"].map((name) => path.join(folder, name)) as [string, string, string];
  for (const place of [full, empty]) mkdirSync(place, { recursive: true });
  writeFileSync(path.join(full, "notes.txt"), "wanted");
  const add = (place: string): void => void repo.git("worktree", "add", "--quiet", "--detach", place);
  add(path.join(gone, "dev-0"));
  repo.git("-C", path.join(gone, "dev-0"), "commit", "--quiet", "--allow-empty", "-m", "work on no branch");
  const work = repo.git("-C", path.join(gone, "dev-0"), "rev-parse", "HEAD");
  const mine = path.join(tempDir("drive"), "mine");
  add(mine);
  for (const place of [gone, mine]) rmSync(place, { recursive: true });

  const before = await doctor(repo);
  expect(
    before
      .of("worktrees")
      .slice(1)
      .map(({ code, found, fix }) => [code, /s-(?:gone|full|empty)/.exec(found)?.[0], fix === "skep doctor --fix"]),
  ).toEqual([
    ["worktrees-orphaned", "s-gone", true],
    ["worktrees-orphaned", "s-full", false],
  ]);
  const { mended, of } = await doctor(repo, "--fix");
  expect(mended).toEqual([expect.stringMatching(/^s-gone,.*git forgot.*"dev-0"/)]);
  expect(of("worktrees").map(({ found }) => /s-(?:gone|full|empty)/.exec(found)?.[0])).toEqual([undefined, "s-full"]);
  expect(readFileSync(path.join(full, "notes.txt"), "utf8")).toBe("wanted");
  expect(repo.git("for-each-ref", "--format=%(objectname)", "refs/skep/backup/s-gone/")).toBe(work);
  expect(repo.git("worktree", "list", "--porcelain")).toContain(mine);
  expect((await doctor(repo, "--fix")).mended).toEqual(["nothing was broken"]);
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
