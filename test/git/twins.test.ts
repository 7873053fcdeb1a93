import { chmodSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { planGc } from "../../src/git/gc.ts";
import { dropTwins, keepTwins, makeTwin } from "../../src/git/twins.ts";
import { id } from "../support/ids.ts";
import { checkoutState, makeRepo } from "../support/repo.ts";
import { SWARM } from "./kit.ts";

const refs = (repo: ReturnType<typeof makeRepo>): string => repo.git("for-each-ref", "--format=%(refname)", "refs/skep/audit");

test("[review.audit.twins] a twin has the author, date, parent and files of the other but for the one text; no checkout or branch knows", async () => {
  const repo = makeRepo();
  repo.write({ "src/deep er/über.ts": "a\r\nb\r\n", "run.sh": "#!/bin/sh\n", "src/z.ts": "z\n" });
  chmodSync(path.join(repo.root, "run.sh"), 0o755);
  symlinkSync("run.sh", path.join(repo.root, "link"));
  repo.git("update-index", "--add", "--cacheinfo", `160000,${repo.base},sub`);
  repo.git("add", "run.sh", "src", "link");
  repo.git("commit", "-qm", "a change");
  const sha = repo.git("rev-parse", "HEAD");
  const [before, heads] = [checkoutState(repo), repo.git("for-each-ref")];
  const order = { base: repo.base, sha };
  const replace = { path: "src/deep er/über.ts", text: "a\r\nc\r\n" };
  const [clean, planted] = [await makeTwin(repo, { ...order, replace: null }), await makeTwin(repo, { ...order, replace })];

  expect([await makeTwin(repo, { ...order, replace: null }), await makeTwin(repo, { ...order, replace })]).toEqual([clean, planted]);
  expect(repo.git("rev-parse", `${clean}^{tree}`)).toBe(repo.git("rev-parse", `${sha}^{tree}`));
  expect(repo.git("-c", "core.quotePath=false", "diff", "--raw", "--name-only", clean, planted)).toBe("src/deep er/über.ts");
  expect(repo.git("show", `${planted}:src/deep er/über.ts`)).toBe("a\r\nc\r");
  const about = (commit: string): string => repo.git("log", "-1", "--format=%P %an %ae %at %cn %ce %ct %B", commit);
  expect(about(planted)).toBe(about(clean));
  expect(about(planted)).toMatch(new RegExp(`^${repo.base} .*change$`, "m"));
  expect(repo.git("ls-tree", planted).replace(/^.*\tsrc$/m, "")).toBe(repo.git("ls-tree", sha).replace(/^.*\tsrc$/m, ""));
  expect(repo.git("for-each-ref")).toBe(heads);
  expect(checkoutState(repo)).toEqual(before);
  await expect(makeTwin(repo, { ...order, replace: { path: "src/none.ts", text: "" } })).rejects.toMatchObject({ code: "NO_TWIN" });
});

test("[review.audit.twins] their refs come and go as a whole, twice as well as once, and are no reason for gc to drop other work", async () => {
  const repo = makeRepo();
  const lost = repo.commit({ "src/lost.ts": "lost\n" });
  repo.git("update-ref", `refs/heads/skep-work/${SWARM}/t1/1`, lost);
  repo.git("reset", "-q", "--hard", repo.base);
  const twin = await makeTwin(repo, { base: lost, sha: lost, replace: { path: "src/lost.ts", text: "found\n" } });
  const twins = [
    { task: id.task("t1"), sha: twin },
    { task: id.task("t2"), sha: lost },
  ];
  await keepTwins(repo, SWARM, twins);
  await keepTwins(repo, SWARM, twins);
  expect(refs(repo)).toBe(`refs/skep/audit/${SWARM}/t1\nrefs/skep/audit/${SWARM}/t2`);

  const ended = [{ swarm: SWARM, base: repo.base, tip: repo.base, target: "main", merged: [] }];
  const plan = await planGc(repo, { ended, now: systemClock.now(), olderThanMs: 0, unmerged: false });
  expect(plan.remove).toEqual([]);
  expect(plan.keep).toMatchObject([{ kind: "attempt", sha: lost, why: "nothing else holds its work" }]);

  await dropTwins(repo, id.swarm("s-other"));
  expect(refs(repo)).not.toBe("");
  await dropTwins(repo, SWARM);
  await dropTwins(repo, SWARM);
  expect(refs(repo)).toBe("");
});
