/** Many merges in a row, as a long swarm makes them. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { mergeWork } from "../../src/git/merge.ts";
import { createSwarmBranch } from "../../src/git/swarm-branch.ts";
import { undoMerges } from "../../src/git/undo.ts";
import { id } from "../support/ids.ts";
import { checkoutState, makeRepo } from "../support/repo.ts";

const TASKS = 200;
const PERSON = { name: "Ursula User", email: "ursula@example.test" };
const SWARM = id.swarm("s-long");

test("[git.merge.many] 200 tasks merged in a row and one taken out leave the user's checkout as it was and the repository sound", async () => {
  const repo = makeRepo();
  repo.git("branch", "base");
  const work = Array.from({ length: TASKS }, (_, n) => {
    const name = n % 3 === 0 ? "CHANGES.md" : `src/ünï ${n}.txt`;
    return `commit refs/heads/w${n}\nmark :${n + 1}\ncommitter U <u@x> ${1767225600 + n} +0000\ndata 4\nwork\nfrom refs/heads/base^0\nM 100644 inline "out/${n}.txt"\ndata 2\n${n % 10}\n\nM 100644 inline "${name}.d/${n}"\ndata 2\nx\n\n`;
  });
  execFileSync("git", ["fast-import", "--quiet"], { cwd: repo.root, input: work.join("") });
  const shas = Array.from({ length: TASKS }, (_, n) => repo.git("rev-parse", `w${n}`));
  repo.write({ "src/a.txt": "the user works on\n", "untracked.txt": "u\n" });
  repo.git("add", "src/a.txt");
  const before = checkoutState(repo);
  let { tip } = await createSwarmBranch(repo, SWARM, repo.base);
  const merged: { task: ReturnType<typeof id.task>; sha: string; title: string }[] = [];
  for (const [n, sha] of shas.entries()) {
    const task = id.task(`t${n}`);
    const one = await mergeWork(repo, { swarm: SWARM, task, attempt: 1, sha, tip, title: `Task ${n}`, author: PERSON, committer: PERSON });
    if (one.kind !== "merged") throw new Error(`${task}: ${one.kind}`);
    tip = one.sha;
    merged.push({ task, sha: tip, title: `Task ${n}` });
  }
  const middle = merged[TASKS / 2];
  if (!middle) throw new Error("nothing was merged");
  const undone = await undoMerges(repo, { swarm: SWARM, task: middle.task, tip, merges: [middle], why: "", person: PERSON });
  expect(undone.kind).toBe("undone");
  expect(repo.git("rev-list", "--count", `${repo.base}..skep/${SWARM}`)).toBe(String(TASKS + 1));
  const files = repo.git("ls-tree", "-r", "--name-only", `skep/${SWARM}:out`).split("\n");
  expect(files.length).toBe(TASKS - 1);
  expect(files).not.toContain(`${TASKS / 2}.txt`);
  expect(checkoutState(repo)).toEqual(before);
  expect(repo.git("fsck", "--strict", "--no-dangling")).toBe("");
}, 240_000);
