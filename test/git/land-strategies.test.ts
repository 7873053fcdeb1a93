import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { LAND_STRATEGIES, type LandStrategy } from "../../src/domain/landing.ts";
import { land, STRATEGIES } from "../../src/git/land/index.ts";
import type { LandOrder } from "../../src/git/land/strategy.ts";
import { id } from "../support/ids.ts";
import { checkoutState, type TestRepo, userGit } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { makeKit, SWARM } from "./kit.ts";

const HERE = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in HERE)) delete process.env[name];
  Object.assign(process.env, HERE);
});

interface Ready {
  readonly repo: TestRepo;
  readonly base: string;
  readonly tip: string;
  order(strategy: LandStrategy, more?: Partial<LandOrder>): LandOrder;
}

/** Two merged tasks on the integration branch; the user's branch stands at the base. */
async function ready(files: Record<string, string> = { "src/b.txt": "landed\n" }): Promise<Ready> {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  const shas: string[] = [];
  let tip = base;
  for (const [task, what] of Object.entries({ t1: files, t2: { "new/file.txt": "n\n" } })) {
    await dev.open(task, 1, tip);
    dev.write(what);
    const merged = await dev.merge(task, 1, await dev.sha(task, 1, tip), tip);
    if (merged.kind !== "merged") throw new Error(merged.kind);
    tip = merged.sha;
    shas.push(tip);
  }
  const tasks = shas.map((sha, index) => ({ task: id.task(`t${index + 1}`), title: `Title of\n t${index + 1}`, sha }));
  return {
    ...{ repo, base, tip },
    order: (strategy, more = {}) => ({ strategy, swarm: SWARM, target: "main", tip, title: "Do\nit all", tasks, remote: null, ...more }),
  };
}

const body = (repo: TestRepo, sha: string): string => repo.git("log", "-1", "--format=%B", sha).trim();

test("[git.land.registry] every strategy is one file and one line of the list", () => {
  const files = readdirSync(path.resolve(import.meta.dirname, "../../src/git/land")).map((name) => name.replace(/\.ts$/, ""));
  expect(Object.keys(STRATEGIES)).toEqual([...LAND_STRATEGIES]);
  for (const name of LAND_STRATEGIES) {
    expect(STRATEGIES[name].id).toBe(name);
    expect(files).toContain(name);
  }
});

describe("[git.land.merge] a merge commit joins the swarm's commits to the user's", () => {
  test("also where the branch went on, in the user's name, around their uncommitted files; a repeat is no change", async () => {
    const { repo, tip, order } = await ready();
    const mine = repo.commit({ "README.md": "mine\n" });
    repo.write({ "src/a.txt": "dirty\n" });
    const landed = await land(repo, order("merge"));
    expect(landed).toMatchObject({ strategy: "merge", repeated: false, files: ["new/file.txt", "src/b.txt"] });
    expect(repo.git("rev-parse", "main", "main^1", "main^2").split("\n")).toEqual([landed.sha, mine, tip]);
    expect(repo.git("log", "-1", "--format=%an %ae %cn", landed.sha)).toBe("Ursula User ursula@example.test Ursula User");
    expect(body(repo, landed.sha)).toMatch(
      /^Merge skep\/s-abc: Do it all\n\n- t1: Title of t1\n- t2: Title of t2\n\nSkep-Swarm: s-abc\nSkep-Task: t1 \w{40}\nSkep-Task: t2 \w{40}$/,
    );
    expect(repo.git("status", "--porcelain")).toBe(" M src/a.txt");
    expect(readFileSync(path.join(repo.root, "src/b.txt"), "utf8")).toBe("landed\n");
    expect(await land(repo, order("merge"))).toMatchObject({ repeated: true, sha: landed.sha, back: null });
  });

  test("also where a fast-forward would have done, and where nothing is checked out", async () => {
    const { repo, tip, order } = await ready();
    repo.git("checkout", "-q", "-b", "other");
    const before = { ...checkoutState(repo), ".git/refs": "" };
    const { sha } = await land(repo, order("merge"));
    expect(repo.git("rev-parse", "main", "main^2").split("\n")).toEqual([sha, tip]);
    expect({ ...checkoutState(repo), ".git/refs": "" }).toEqual(before);
  });
});

describe("[git.land.squash] the work is one commit with the goal as subject and its tasks as trailers", () => {
  test("known again after further commits, by whatever strategy it is asked for", async () => {
    const { repo, tip, order } = await ready();
    const mine = repo.commit({ "README.md": "mine\n" });
    const landed = await land(repo, order("squash"));
    expect(repo.git("log", "--format=%P", "-1", "main")).toBe(mine);
    expect(body(repo, landed.sha)).toMatch(/^Do it all\n\n- t1: Title of t1\n- t2: Title of t2\n\nSkep-Swarm: s-abc\n(Skep-Task: .*\n){2}/);
    expect(repo.git("log", "-1", "--format=%(trailers:key=Skep-Landed,valueonly)", landed.sha).trim()).toBe(tip);
    const later = repo.commit({ "src/b.txt": "and on\n" });
    for (const strategy of LAND_STRATEGIES) expect(await land(repo, order(strategy))).toMatchObject({ repeated: true, sha: later });
  });
});

describe("[git.land.conflict] changes that do not fit together are refused with their files, and nothing changes", () => {
  test.each(["merge", "squash"] as const)("%s", async (strategy) => {
    const { repo, order } = await ready();
    repo.commit({ "src/b.txt": "mine\n" });
    const before = checkoutState(repo);
    await expect(land(repo, order(strategy))).rejects.toMatchObject({
      code: "LAND_CONFLICT",
      message: expect.stringContaining('"src/b.txt"'),
      next: expect.stringContaining(`git merge skep/${SWARM}`),
    });
    expect(checkoutState(repo)).toEqual(before);
  });

  test.each(["merge", "squash"] as const)("%s, when uncommitted changes are in the way", async (strategy) => {
    const { repo, order } = await ready();
    repo.commit({ "README.md": "mine\n" });
    repo.write({ "src/b.txt": "dirty\n" });
    const before = checkoutState(repo);
    await expect(land(repo, order(strategy))).rejects.toMatchObject({ code: "LAND_DIRTY" });
    expect(checkoutState(repo)).toEqual(before);
  });
});

describe("[git.land.others] a branch that cannot be fast-forwarded is told which strategies would work", () => {
  test("merge and squash, where both sides fit together", async () => {
    const { repo, order } = await ready();
    repo.commit({ "README.md": "mine\n" });
    await expect(land(repo, order("fast-forward"))).rejects.toMatchObject({
      code: "LAND_DIVERGED",
      message: expect.stringContaining("merge and squash would work"),
      next: expect.stringContaining("skep land --strategy merge (or squash)"),
    });
  });

  test("a pull request or one's own hands, where they do not, with the files", async () => {
    const { repo, order } = await ready();
    repo.commit({ "src/b.txt": "mine\n" });
    await expect(land(repo, order("fast-forward"))).rejects.toMatchObject({
      code: "LAND_DIVERGED",
      message: expect.stringContaining('both sides changed "src/b.txt"'),
      next: expect.stringContaining("--strategy pull-request"),
    });
  });
});

test("[git.land.back] the branch's old value stays on a backup ref, and the command that is answered goes back", async () => {
  for (const strategy of ["fast-forward", "merge", "squash"] as const) {
    const { repo, base, order } = await ready();
    repo.write({ "mine.txt": "m\n" });
    const { back } = await land(repo, order(strategy));
    const [program, ...args] = (back ?? "").split(" ");
    expect(program).toBe("git");
    repo.git(...args);
    expect(repo.git("rev-parse", "HEAD", "main").split("\n")).toEqual([base, base]);
    expect(repo.git("status", "--porcelain")).toBe("?? mine.txt");
  }
});

/** A `gh` that keeps its pull requests in a file, and writes down how it was called. */
function fakeGh({ signedIn = true } = {}): { readonly calls: () => { argv: string[]; input: string; env: string[] }[] } {
  const folder = tempDir("gh");
  const script = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const argv = process.argv.slice(2);
const input = argv.includes("--body-file") ? readFileSync(0, "utf8") : "";
appendFileSync(${JSON.stringify(path.join(folder, "calls"))}, JSON.stringify({ argv, input, env: Object.keys(process.env) }) + "\\n");
const made = ${JSON.stringify(path.join(folder, "made"))};
const url = "https://example.test/o/r/pull/7";
if (argv[0] === "auth") { if (!${signedIn}) { console.error("You are not logged into any GitHub hosts."); process.exit(1); } }
else if (argv[1] === "view") {
  if (!existsSync(made)) { console.error('no pull requests found for branch "' + argv[2] + '"'); process.exit(1); }
  console.log(JSON.stringify({ url, state: readFileSync(made, "utf8") }));
} else { writeFileSync(made, "OPEN"); console.log("Creating…\\n" + url); }
`;
  writeFileSync(path.join(folder, "gh"), script);
  chmodSync(path.join(folder, "gh"), 0o755);
  process.env.PATH = `${folder}:${HERE.PATH}`;
  const calls = path.join(folder, "calls");
  return {
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line))
        : [],
  };
}

function bareRemote(repo: TestRepo, name = "origin"): string {
  const bare = path.join(tempDir("remote"), "r.git");
  userGit(repo.root, "init", "-q", "--bare", bare);
  repo.git("remote", "add", name, bare);
  repo.git("push", "-q", name, "main");
  return bare;
}

describe("[git.land.pull-request] the branch is pushed and a pull request opened, once", () => {
  test("with the goal, the tasks and the base; the checkout stays, a repeat answers the open one", async () => {
    const { repo, tip, order } = await ready();
    const bare = bareRemote(repo);
    const gh = fakeGh();
    process.env.GH_TOKEN = "t";
    process.env.UNRELATED = "u";
    const before = { ...checkoutState(repo), ".git/refs": "" };
    const url = "https://example.test/o/r/pull/7";
    expect(await land(repo, order("pull-request"))).toMatchObject({ strategy: "pull-request", sha: tip, url, repeated: false, back: null });
    expect(userGit(bare, "rev-parse", `refs/heads/skep/${SWARM}`)).toBe(tip);
    expect({ ...checkoutState(repo), ".git/refs": "" }).toEqual(before);
    const made = gh.calls().at(-1);
    expect(made?.argv).toEqual(["pr", "create", "--head", `skep/${SWARM}`, "--base", "main", "--title", "Do it all", "--body-file", "-"]);
    expect(made?.input).toContain("- t2: Title of t2\n\nSkep-Swarm: s-abc\nSkep-Task: t1 ");
    expect(made?.env).toContain("GH_TOKEN");
    expect(made?.env).not.toContain("UNRELATED");
    expect(await land(repo, order("pull-request"))).toMatchObject({ url, repeated: true });
    expect(gh.calls().filter(({ argv }) => argv[1] === "create")).toHaveLength(1);
  });

  test("to the remote and the branch the user's branch tracks, or to the one the config names", async () => {
    const { repo, tip, order } = await ready();
    const [fork, other] = [bareRemote(repo, "fork"), bareRemote(repo, "other")];
    repo.git("config", "branch.main.remote", "fork");
    repo.git("config", "branch.main.merge", "refs/heads/trunk");
    const gh = fakeGh();
    await land(repo, order("pull-request"));
    expect(userGit(fork, "rev-parse", `refs/heads/skep/${SWARM}`)).toBe(tip);
    expect(gh.calls().at(-1)?.argv).toContain("trunk");
    await land(repo, order("pull-request", { remote: "other" }));
    expect(userGit(other, "rev-parse", `refs/heads/skep/${SWARM}`)).toBe(tip);
  });
});

describe("[git.land.pull-request.refused] what is missing is named with the next commands", () => {
  test("no remote, no gh, nobody signed in: nothing is pushed", async () => {
    const { repo, order } = await ready();
    await expect(land(repo, order("pull-request"))).rejects.toMatchObject({ code: "LAND_NO_REMOTE", next: "git remote add origin <url>" });
    const bare = bareRemote(repo);
    fakeGh({ signedIn: false });
    await expect(land(repo, order("pull-request"))).rejects.toMatchObject({
      code: "LAND_GH_SIGNED_OUT",
      next: expect.stringContaining("gh auth login"),
    });
    process.env.PATH = withGitAlone();
    await expect(land(repo, order("pull-request"))).rejects.toMatchObject({
      code: "LAND_NO_GH",
      next: expect.stringContaining(`git push origin skep/${SWARM}`),
    });
    expect(userGit(bare, "for-each-ref", "refs/heads/skep")).toBe("");
  });

  test("a remote branch that holds something else is never pushed over", async () => {
    const { repo, base, order } = await ready();
    const bare = bareRemote(repo);
    fakeGh();
    const theirs = userGit(bare, "-c", "user.name=X", "-c", "user.email=x@x.test", "commit-tree", `${base}^{tree}`, "-m", "theirs");
    userGit(bare, "update-ref", `refs/heads/skep/${SWARM}`, theirs);
    await expect(land(repo, order("pull-request"))).rejects.toMatchObject({ code: "LAND_PUSH_FAILED" });
    expect(userGit(bare, "rev-parse", `refs/heads/skep/${SWARM}`)).toBe(theirs);
  });
});

/** A PATH on which git is found and gh is not. */
function withGitAlone(): string {
  const folder = path.join(tempDir("path"), "bin");
  mkdirSync(folder);
  const git = (HERE.PATH ?? "")
    .split(":")
    .map((one) => path.join(one, "git"))
    .find((file) => existsSync(file));
  symlinkSync(git ?? "git", path.join(folder, "git"));
  return folder;
}
