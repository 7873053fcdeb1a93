import { expect, test } from "vitest";
import { seatsIn } from "../../src/git/commit-seats.ts";
import { makeRepo } from "../support/repo.ts";

const commit = (repo: ReturnType<typeof makeRepo>, author: string, committer = "u@example.test"): void => {
  const who = ["-c", "user.name=u", "-c", `user.email=${committer}`];
  repo.git(...who, "commit", "-q", "--allow-empty", "--author", `a <${author}>`, "-m", "x");
};

test("[git.seats] seats are known by author or committer of any commit of the range, and nobody else is", async () => {
  const repo = makeRepo();
  commit(repo, "dev-9@skep.invalid");
  const base = repo.git("rev-parse", "HEAD");
  commit(repo, "dev-0@skep.invalid");
  commit(repo, "u@example.test", "reviewer@skep.invalid");
  commit(repo, "../../x@skep.invalid");
  commit(repo, "dev-1@skep.invalid.example.test");
  // What stands beside the range is not in it.
  repo.git("checkout", "-q", "-b", "side", base);
  commit(repo, "tester-0@skep.invalid");
  repo.git("checkout", "-q", "-");
  expect([...(await seatsIn(repo.commonDir, base, repo.git("rev-parse", "HEAD")))].sort()).toEqual(["dev-0", "reviewer"]);
  expect(await seatsIn(repo.commonDir, base, base)).toEqual([]);
});
