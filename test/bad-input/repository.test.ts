/** Folders that are no project, and projects in odd states, met at the front door. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { checkoutState, makeRepo, repoAt, userGit, writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { endHost, type Place, REFUSAL, StdioDoor, skep } from "./support/doors.ts";

function empty(): Place {
  const cwd = tempDir();
  userGit(cwd, "init", "-q");
  return { cwd };
}

function bare(): Place {
  const cwd = path.join(tempDir(), "bare.git");
  userGit(tempDir(), "clone", "-q", "--bare", makeRepo().root, cwd);
  return { cwd };
}

function broken(): Place {
  const { root } = makeRepo();
  writeFileSync(path.join(root, ".git/HEAD"), "ref: refs/heads/../../meta\n");
  return { cwd: root };
}

function noGit(): Place {
  return { cwd: makeRepo().root, env: { PATH: tempDir() } };
}

const NONE: readonly (readonly [string, () => Place, string, string])[] = [
  ["no repository", () => ({ cwd: tempDir() }), "NO_PROJECT", "git init"],
  ["a folder that is gone", () => ({ cwd: tempDir(), env: { SKEP_PROJECT: "/no/such/folder" } }), "NO_PROJECT", "--project"],
  ["a repository without a commit", empty, "NO_COMMIT", "git commit"],
  ["a bare repository", bare, "BARE_REPOSITORY", "git clone"],
  ["a repository whose HEAD is damaged", broken, "NO_COMMIT", "git commit"],
  ["no git", noGit, "NO_GIT", "install git"],
];

describe("[bad-input.repository.none] where skep cannot work, each door says why and what to do", () => {
  test.each(NONE)("%s: a command", async (_what, make, code, next) => {
    const place = make();
    for (const args of [["status"], ["run", "a goal"]]) {
      const ran = await skep(place, ...args);
      expect({ ...ran, err: REFUSAL.exec(ran.err)?.[1] ?? ran.err }).toEqual({ code: 1, out: "", err: code });
      expect(ran.err).toContain(next);
    }
  });

  test.each(NONE)("%s: a tool", async (_what, make, code) => {
    const door = await new StdioDoor(make()).initialize();
    for (const [tool, args] of [
      ["swarm_list", {}],
      ["swarm_create", { goal: "a goal" }],
    ] as const) {
      expect(await door.tool(tool, args)).toMatchObject({ ok: false, code });
    }
    await door.end();
  });
});

describe("[bad-input.repository.odd] a repository in an odd state gets its swarm, and stays as it was", () => {
  const shallow = (): string => {
    const root = path.join(tempDir(), "clone");
    userGit(tempDir(), "clone", "-q", "--depth=1", `file://${makeRepo().root}`, root);
    return root;
  };
  const detached = (): string => {
    const repo = makeRepo();
    repo.git("checkout", "-q", "--detach");
    return repo.root;
  };
  const merging = (): string => {
    const repo = makeRepo();
    repo.git("checkout", "-q", "-b", "other");
    repo.commit({ "src/b.txt": "theirs\n" });
    repo.git("checkout", "-q", "main");
    repo.commit({ "src/b.txt": "ours\n" });
    expect(() => repo.git("merge", "other")).toThrow();
    return repo.root;
  };
  const dirty = (): string => {
    const { root } = makeRepo();
    writeFiles(root, { "src/b.txt": "changed\n", "new file.txt": "x" });
    return root;
  };
  const locked = (): string => {
    const { root } = makeRepo();
    writeFileSync(path.join(root, ".git/index.lock"), "");
    return root;
  };

  test.each<[string, () => string, readonly string[]]>([
    ["detached", detached, []],
    ["shallow", shallow, []],
    ["in a merge with conflicts", merging, ["src/b.txt"]],
    ["dirty", dirty, ["src/b.txt", "new file.txt"]],
    ["with a lock somebody left", locked, []],
  ])("%s", async (_what, make, unseen) => {
    const root = make();
    const before = checkoutState(repoAt(root));
    const door = await new StdioDoor({ cwd: root }).initialize();
    try {
      const told = await door.tool("swarm_create", { goal: "a goal", harness: "scripted" });
      expect([told.text, told.ok]).toEqual([told.text, true]);
      expect([...((told.facts.unseen as string[] | undefined) ?? [])].sort()).toEqual([...unseen].sort());
      expect((await door.tool("swarm_stop")).ok).toBe(true);
      expect(checkoutState(repoAt(root))).toEqual(before);
    } finally {
      await door.end();
      await endHost(root);
    }
  });
});
