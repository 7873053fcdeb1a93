import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { CommitRules } from "../../src/domain/commit-rules.ts";
import type { LandStrategy } from "../../src/domain/landing.ts";
import { land } from "../../src/git/land/index.ts";
import type { LandOrder } from "../../src/git/land/strategy.ts";
import { type Merged, type MergeOrder, mergeWork } from "../../src/git/merge.ts";
import { type Manner, mannerOf, PLAIN } from "../../src/git/own-commit.ts";
import { signingOf } from "../../src/git/signing.ts";
import { createSwarmBranch, readTip } from "../../src/git/swarm-branch.ts";
import { undoMerges } from "../../src/git/undo.ts";
import { id } from "../support/ids.ts";
import { checkoutState, makeRepo, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const SWARM = id.swarm("s-abc");
const PERSON = { name: "Ursula User", email: "ursula@example.test" };
const SIGNS = 'cat > /dev/null; echo "-----SIGNED-----"; echo "[GNUPG:] SIG_CREATED D" >&2';

function program(name: string, text: string, folder = tempDir("bin")): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

/** The user's own settings, as in their ~/.gitconfig. */
function userConfig(settings: Readonly<Record<string, string>>): void {
  const home = tempDir("home");
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", "");
  const file = path.join(home, ".gitconfig");
  writeFileSync(file, "");
  for (const [key, value] of Object.entries(settings)) execFileSync("git", ["config", "--file", file, key, value]);
}

interface Ready {
  readonly repo: TestRepo;
  readonly base: string;
  readonly order: MergeOrder;
  merge(manner: Manner): Promise<Extract<Merged, { kind: "merged" }>>;
}

/** One approved commit. */
async function ready(): Promise<Ready> {
  const repo = makeRepo();
  const { base } = repo;
  await createSwarmBranch(repo, SWARM, base);
  const sha = repo.commit({ "x.txt": "x\n" });
  const order = { swarm: SWARM, task: id.task("t1"), attempt: 1, sha, tip: base, title: "Do it", author: PERSON, committer: PERSON };
  return {
    ...{ repo, base, order },
    async merge(manner) {
      const merged = await mergeWork(repo, { ...order, manner });
      if (merged.kind !== "merged") throw new Error(merged.kind);
      return merged;
    },
  };
}

const rules = (more: Partial<CommitRules>): CommitRules => ({ sign: "auto", hooks: [], ...more });
/** A commit-msg where git looks for it, or in a folder of the repository's. */
const hook = ({ root }: TestRepo, text: string, folder = ".git/hooks"): void =>
  writeFileSync(path.join(root, folder, "commit-msg"), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const header = (repo: TestRepo, sha: string): string => repo.git("cat-file", "commit", sha).split("\n\n")[0] ?? "";

describe("[merge.sign] merges and reverts are signed as config and the user's own settings say", () => {
  test.each([
    ["auto", "true", true],
    ["auto", "false", false],
    ["always", "false", true],
    ["never", "true", false],
  ] as const)("%s with commit.gpgSign %s: %s", async (sign, gpgSign, signed) => {
    userConfig({ "commit.gpgSign": gpgSign, "gpg.program": program("sign", SIGNS) });
    const { repo, order, merge } = await ready();
    const manner = await mannerOf(repo, rules({ sign }));
    const merged = await merge(manner);
    expect(header(repo, merged.sha).includes("gpgsig -----SIGNED-----")).toBe(signed);
    const merges = [{ task: order.task, sha: merged.sha, title: "Do it" }];
    const undone = await undoMerges(repo, { swarm: SWARM, task: order.task, tip: merged.sha, merges, why: "", person: PERSON, manner });
    if (undone.kind !== "undone") throw new Error(undone.kind);
    expect(header(repo, undone.reverts[0]?.sha ?? "").includes("gpgsig -----SIGNED-----")).toBe(signed);
  });

  test("a repository's own wish and key count, too", async () => {
    const told = path.join(tempDir(), "told");
    userConfig({ "gpg.program": program("sign", `echo "$@" > '${told}'; ${SIGNS}`) });
    const { repo, merge } = await ready();
    repo.git("config", "commit.gpgSign", "true");
    repo.git("config", "user.signingKey", "WORKKEY");
    const { sha } = await merge(await mannerOf(repo, rules({})));
    expect(header(repo, sha)).toContain("gpgsig");
    expect(readFileSync(told, "utf8")).toContain("WORKKEY");
  });

  test("with an ssh key", async () => {
    const key = path.join(tempDir("key"), "id");
    userConfig({ "gpg.format": "ssh", "user.signingKey": key, "commit.gpgSign": "true", ...sshKey(key) });
    const { repo, merge } = await ready();
    const { sha } = await merge(await mannerOf(repo, rules({})));
    expect(header(repo, sha)).toContain("gpgsig -----BEGIN SSH SIGNATURE-----");
  });
});

const KEYGEN = "ssh-keygen";

/** A real key where there is ssh-keygen, else a program that signs as it would. */
function sshKey(key: string): Readonly<Record<string, string>> {
  try {
    execFileSync(KEYGEN, ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    return {};
  } catch {
    const text = 'for last; do :; done; printf -- "-----BEGIN SSH SIGNATURE-----\\nx\\n-----END SSH SIGNATURE-----\\n" > "$last.sig"';
    return { "gpg.ssh.program": program("ssh-keygen", text) };
  }
}

describe("[merge.sign.programs] which program signs is the word of the user's own files, never the repository's", () => {
  test.each([
    ["openpgp", ["gpg.program", "gpg.openpgp.program"], "gpg"],
    ["x509", ["gpg.x509.program"], "gpgsm"],
    ["ssh", ["gpg.ssh.program", "gpg.ssh.defaultKeyCommand"], "ssh-keygen"],
  ])("%s", async (format, keys, otherwise) => {
    const bin = tempDir("bin");
    program(otherwise, format === "ssh" ? "exit 3" : SIGNS, bin);
    vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
    userConfig({});
    const { repo, base, merge } = await ready();
    const fired = path.join(tempDir(), "fired");
    for (const key of keys) repo.git("config", key, program("evil", `touch '${fired}'; ${SIGNS}`));
    for (const [key, value] of [["gpg.format", format] as const, ["commit.gpgSign", "true"] as const]) repo.git("config", key, value);
    const manner = await mannerOf(repo, rules({}));
    if (format === "ssh") {
      await expect(merge(manner)).rejects.toMatchObject({ code: "COMMIT_UNSIGNED" });
      repo.git("config", "user.signingKey", path.join(bin, "none"));
      await expect(merge(manner)).rejects.toMatchObject({ code: "COMMIT_UNSIGNED" });
      expect(await readTip(repo, SWARM)).toBe(base);
    } else expect(header(repo, (await merge(manner)).sha)).toContain("gpgsig");
    expect(existsSync(fired)).toBe(false);
  });
});

describe("[merge.sign.failed] what cannot be signed is not merged, and says why", () => {
  test.each([
    ["refuses", "exit 2", "failed"],
    ["is missing", null, "failed"],
    ["hangs", "sleep 1000 & wait", "had not ended after 1 s"],
  ])("the program %s; later the same merge is made", async (_what, text, why) => {
    const own = text === null ? "/no/such/program" : program("sign", text);
    userConfig({ "commit.gpgSign": "true", "gpg.program": own });
    const { repo, base, merge } = await ready();
    const signing = await signingOf(repo.root, "auto", 1_000);
    await expect(merge({ signing, hook: null })).rejects.toMatchObject({ code: "COMMIT_UNSIGNED", message: expect.stringContaining(why) });
    expect(await readTip(repo, SWARM)).toBe(base);
    userConfig({ "commit.gpgSign": "true", "gpg.program": program("sign", SIGNS) });
    const { sha } = await merge(await mannerOf(repo, rules({})));
    expect(header(repo, sha)).toContain("gpgsig");
    // Made already: nobody is asked for a passphrase again.
    userConfig({ "commit.gpgSign": "true", "gpg.program": "/no/such/program" });
    expect(await merge(await mannerOf(repo, rules({})))).toEqual({ kind: "merged", sha, repeated: true });
  });
});

test("[merge.sign.failed] a host that stops waits for no passphrase", async () => {
  const began = path.join(tempDir(), "began");
  userConfig({ "commit.gpgSign": "true", "gpg.program": program("hangs", `touch '${began}'; sleep 1000 & wait`) });
  const { repo, base, merge } = await ready();
  const stop = new AbortController();
  const merging = merge(await mannerOf(repo, rules({}), stop.signal)).catch((error: unknown) => error);
  await until(() => existsSync(began), { what: "the program that signs" });
  stop.abort();
  expect(await merging).toMatchObject({ name: "AbortError" });
  expect(await readTip(repo, SWARM)).toBe(base);
});

describe("[merge.hooks] the user's commit-msg runs where config says so, and nothing else does", () => {
  const WANTED = rules({ hooks: ["commit-msg"] });

  test("it may change the message, in the repository's root, without skep's secrets; a repeat is found", async () => {
    userConfig({});
    const { repo, merge } = await ready();
    vi.stubEnv("SKEP_SESSION", "secret");
    hook(repo, 'printf "\\nTicket: $$-$(basename "$PWD")-$SKEP_SESSION\\n" >> "$1"');
    for (const name of ["pre-commit", "post-commit", "reference-transaction", "post-merge"])
      writeFileSync(path.join(repo.commonDir, "hooks", name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    expect((await mannerOf(repo, rules({}))).hook).toBeNull();
    const manner = await mannerOf(repo, WANTED);
    const { sha } = await merge(manner);
    expect(repo.git("log", "-1", "--format=%B", sha)).toMatch(/^Do it\n[\s\S]*Skep-Task: t1[\s\S]*\nTicket: \d+-project-\n*$/);
    expect(await merge(manner)).toEqual({ kind: "merged", sha, repeated: true });
  });

  test("core.hooksPath of the user is honoured, relative to the checkout", async () => {
    userConfig({});
    const { repo, merge } = await ready();
    repo.write({ "own-hooks/keep": "" });
    repo.git("config", "core.hooksPath", "own-hooks");
    hook(repo, 'echo "From: own-hooks" >> "$1"', "own-hooks");
    const { sha } = await merge(await mannerOf(repo, WANTED));
    expect(repo.git("log", "-1", "--format=%B", sha)).toContain("From: own-hooks");
  });

  test.each([
    ["refuses", 'echo "no ticket" >&2; exit 1', /refused the message with exit code 1: "no ticket"/],
    ["takes out a trailer", 'echo "Only this" > "$1"', /took out the trailer "Skep-Swarm/],
    ["hangs", "sleep 1000 & wait", /had not ended after 1 s/],
  ])("[merge.hooks.refused] a hook that %s: nothing is merged, and what it said is told", async (_what, text, message) => {
    userConfig({});
    const { repo, base, merge } = await ready();
    hook(repo, text);
    const manner = await mannerOf(repo, WANTED);
    const hooked = manner.hook && { ...manner.hook, limitMs: 1_000 };
    await expect(merge({ ...manner, hook: hooked })).rejects.toMatchObject({
      code: "HOOK_REFUSED",
      message: expect.stringMatching(message),
    });
    expect(await readTip(repo, SWARM)).toBe(base);
  });
});

describe("[git.land.signed] what lands is signed, and shown to hooks, as config says", () => {
  const SIGNED = { "commit.gpgSign": "true" };
  /** The swarm's work on its branch, the user's branch back at the base. */
  async function landing(): Promise<{ repo: TestRepo; order: (strategy: LandStrategy, rules: CommitRules) => LandOrder }> {
    const { repo, base, merge } = await ready();
    repo.git("reset", "--quiet", "--hard", base);
    const { sha: tip } = await merge(PLAIN);
    return {
      repo,
      order: (strategy, rules) => ({ strategy, swarm: SWARM, target: "main", tip, title: "All", tasks: [], remote: null, rules }),
    };
  }

  test.each(["squash", "merge"] as const)(
    "%s: by the user's program; one that cannot sign leaves everything as it was",
    async (strategy) => {
      userConfig({ ...SIGNED, "gpg.program": program("refuse", "exit 2") });
      const { repo, order } = await landing();
      const before = checkoutState(repo);
      await expect(land(repo, order(strategy, rules({})))).rejects.toMatchObject({ code: "COMMIT_UNSIGNED" });
      expect(checkoutState(repo)).toEqual(before);
      userConfig({ ...SIGNED, "gpg.program": program("sign", SIGNS) });
      const { sha } = await land(repo, order(strategy, rules({})));
      expect(header(repo, sha)).toContain("gpgsig -----SIGNED-----");
    },
  );

  test("never is never", async () => {
    userConfig({ ...SIGNED, "gpg.program": program("sign", SIGNS) });
    const { repo, order } = await landing();
    const { sha } = await land(repo, order("squash", rules({ sign: "never" })));
    expect(header(repo, sha)).not.toContain("gpgsig");
  });

  test("[merge.hooks.land] a hook that config names sees the message, and may refuse it", async () => {
    userConfig({});
    const { repo, order } = await landing();
    hook(repo, "echo not today; exit 1");
    const before = checkoutState(repo);
    const wanted = rules({ hooks: ["commit-msg"] });
    await expect(land(repo, order("merge", wanted))).rejects.toMatchObject({ code: "HOOK_REFUSED" });
    expect(checkoutState(repo)).toEqual(before);
    hook(repo, 'echo "Ticket: 7" >> "$1"');
    const { sha } = await land(repo, order("squash", wanted));
    expect(repo.git("log", "-1", "--format=%B", sha)).toContain("Ticket: 7");
  });
});
