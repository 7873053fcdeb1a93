import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { git } from "../../src/git/git.ts";
import { SKEP, userPerson } from "../../src/git/identity.ts";
import { changeRefs } from "../../src/git/refs.ts";
import { inTurn } from "../../src/git/turns.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("[git.call] a git call answers or fails in a typed way", () => {
  test("exit codes that are answers are answers, others name git's own words", async () => {
    const repo = makeRepo();
    expect(await git(repo.root, ["rev-parse", "--verify", "--quiet", "refs/heads/no"], { ok: [0, 1] })).toEqual({
      code: 1,
      out: "",
      err: "",
    });
    await expect(git(repo.root, ["cat-file", "-t", "no\nsuch"])).rejects.toMatchObject({
      code: "GIT_FAILED",
      message: expect.stringMatching(/^git cat-file failed with exit code 128: "fatal: Not a valid object name/),
    });
    await expect(git("/no/such/folder", ["version"])).rejects.toMatchObject({ code: "GIT_FAILED" });
  });

  test("one that reads what it is not given finds the end at once, with an empty input and with none", async () => {
    const repo = makeRepo();
    const empty = repo.git("hash-object", "-t", "blob", "/dev/null");
    const read = (input: { input?: string }) => git(repo.root, ["hash-object", "--stdin"], { ...input, quietMs: 5_000 });
    expect((await read({ input: "" })).out.trim()).toBe(empty);
    expect((await read({})).out.trim()).toBe(empty);
    expect((await read({ input: "b\n" })).out.trim()).toBe(repo.git("rev-parse", "HEAD:src/b.txt"));
  });

  test("a held lock is retryable", async () => {
    const repo = makeRepo();
    writeFileSync(path.join(repo.commonDir, "index.lock"), "");
    await expect(git(repo.root, ["add", "--all"])).rejects.toMatchObject({ code: "GIT_LOCKED", retryable: true });
  });

  test("a git that says nothing is ended, and so is one that is no longer wanted", async () => {
    const bin = tempDir();
    const fake = (body: string) => writeFileSync(path.join(bin, "git"), `#!${process.execPath}\n${body}`, { mode: 0o755 });
    vi.stubEnv("PATH", bin);
    fake("setInterval(() => {}, 1000)");
    await expect(git(bin, ["version"], { quietMs: 300 })).rejects.toMatchObject({ code: "GIT_TIMEOUT", retryable: true });
    const stop = new AbortController();
    const call = git(bin, ["version"], { signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toThrow();
    fake("const s = 'x'.repeat(1 << 20); (function w() { process.stdout.write(s, w) })()");
    await expect(git(bin, ["version"])).rejects.toMatchObject({ code: "GIT_OUTPUT_TOO_LARGE" });
  });
});

test("[git.refs] several refs change together or not at all, and only from the value they are said to have", async () => {
  const repo = makeRepo();
  const next = repo.commit({ "x.txt": "x\n" });
  const [a, b] = ["refs/heads/a", "refs/heads/b"];
  expect(await changeRefs(repo.commonDir, [{ ref: a, to: repo.base, from: null }], "t")).toBe(true);
  expect(
    await changeRefs(
      repo.commonDir,
      [
        { ref: a, to: next, from: repo.base },
        { ref: b, to: next, from: next },
      ],
      "t",
    ),
  ).toBe(false);
  expect(await changeRefs(repo.commonDir, [{ ref: a, to: next, from: null }], "t")).toBe(false);
  expect(await changeRefs(repo.commonDir, [{ ref: a, to: null, from: next }], "t")).toBe(false);
  expect(repo.git("for-each-ref", "--format=%(refname) %(objectname)", a, b)).toBe(`${a} ${repo.base}`);
  const moves = [
    { ref: a, to: next, from: repo.base },
    { ref: b, to: next },
  ];
  expect(await changeRefs(repo.commonDir, moves, "t")).toBe(true);
  expect(await changeRefs(repo.commonDir, [{ ref: a, to: null, from: next }], "t")).toBe(true);
  expect(repo.git("for-each-ref", "--format=%(refname)", a, b)).toBe(b);
});

test("[git.turns] ref-changing work of one repository goes one at a time, a failure does not stop the next", async () => {
  const order: string[] = [];
  const step =
    (name: string, fails = false) =>
    async () => {
      order.push(`${name} begins`);
      await git(tempDir(), ["version"]);
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const at = (commonDir: string) => ({ commonDir });
  const [one, two, three] = [inTurn(at("/a"), step("one", true)), inTurn(at("/a"), step("two")), inTurn(at("/b"), step("other"))];
  await expect(one).rejects.toThrow("one");
  await Promise.all([two, three]);
  expect(order.filter((line) => !line.startsWith("other"))).toEqual(["one begins", "one ends", "two begins", "two ends"]);
});

test("[git.identity] the committer is the user, never a guess", async () => {
  const repo = makeRepo();
  expect(await userPerson(repo.root)).toEqual({ name: "Ursula User", email: "ursula@example.test" });
  repo.git("config", "committer.name", "Other <x>\nName");
  expect(await userPerson(repo.root)).toEqual({ name: "Other xName", email: "ursula@example.test" });
  vi.stubEnv("HOME", tempDir());
  vi.stubEnv("XDG_CONFIG_HOME", "");
  repo.git("config", "--unset", "committer.name");
  repo.git("config", "user.name", "<>");
  expect(await userPerson(repo.root)).toEqual(SKEP);
});
