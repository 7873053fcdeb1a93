import { describe, expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { check, places, submit } from "./kit.ts";

/** Put together here, so that this file holds none itself. */
const TOKEN = ["ghp", "vjLpwOsy6se4jU8TtjJHpXhQg27zY47GyK2U"].join("_");
const SLACK = ["xoxb", "123456789012", "123456789012", "vjLpwOsy6se4jU8TtjJHpXhQ"].join("-");

describe("[checks.secrets] a secret in an added line stops the submission", () => {
  test("with its place and kind, never itself; the same code without it passes", async () => {
    const { change } = await submit({ "src/x.ts": `const a = 1;\nconst t = "${TOKEN}";\n` });
    const result = await check(change, "secrets");
    expect(places(result)).toEqual(["src/x.ts:2"]);
    expect(result.findings[0]).toMatchObject({ blocks: true, message: expect.stringContaining("GITHUB_TOKEN") });
    expect(JSON.stringify(result)).not.toContain(TOKEN.slice(4, 20));
    const clean = await submit({ "src/x.ts": "const a = 1;\nconst t = process.env.GITHUB_TOKEN;\n" });
    expect((await check(clean.change, "secrets")).findings).toEqual([]);
  });

  test("also when a later commit takes it out again", async () => {
    const { repo, change } = await submit({ "src/x.ts": `t = "${TOKEN}"\n` }, { "src/x.ts": "t = env\n", "y.ts": `s = "${SLACK}"\n` });
    const result = await check(change, "secrets");
    expect(places(result).sort()).toEqual(["src/x.ts:1", "y.ts:1"]);
    const first = repo.git("rev-parse", "HEAD~1").slice(0, 12);
    expect(result.findings.find((finding) => finding.file === "src/x.ts")?.message).toContain(`in commit ${first}`);
  });

  test("also when the file asks to be let off", async () => {
    const { change } = await submit({ "x.ts": `// secretlint-disable\nconst t = "${TOKEN}";\n// secretlint-enable\n` });
    expect(places(await check(change, "secrets"))).toEqual(["x.ts:2"]);
  });

  test("also when attributes call the file binary, or its lines end in other ways", async () => {
    const hidden = { ".gitattributes": "*.ts binary\n*.js -diff\n", "x.ts": `a\n${TOKEN}\n`, "y.js": `a\r\n\u2028b\n${SLACK}\r\n` };
    expect(places(await check((await submit(hidden)).change, "secrets")).sort()).toEqual(["x.ts:2", "y.js:3"]);
  });

  test("also in a file with a hostile name", async () => {
    const name = 'a "b"\n`c`.ts';
    const { change } = await submit({ [name]: `${TOKEN}\n` });
    expect((await check(change, "secrets")).findings[0]?.file).toBe(name);
  });
});

test("[checks.secrets.memory] what the scanner measures of itself is not kept", async () => {
  const { change } = await submit({ "x.ts": "const a = 1;\n", "y.ts": "const b = 2;\n" });
  await check(change, "secrets");
  const { secretLintProfiler } = await import("@secretlint/profiler");
  expect([await secretLintProfiler.getEntries(), performance.getEntriesByType("mark")]).toEqual([[], []]);
});

test("[checks.secrets.old] what was there before the base is not this submission's", async () => {
  const repo = makeRepo();
  const base = repo.commit({ "x.ts": `${TOKEN}\n` });
  const { change } = await submit();
  const sha = repo.commit({ "x.ts": `${TOKEN}\nmore\n` });
  expect((await check({ ...change, worktree: repo.root, base, sha }, "secrets")).findings).toEqual([]);
});

test("[checks.secrets.allow] a string the project allows is none, its neighbour still is", async () => {
  const { change } = await submit({ "x.ts": `${TOKEN}\n${SLACK}\n` });
  expect(places(await check(change, "secrets", { allow: [TOKEN] }))).toEqual(["x.ts:2"]);
});
