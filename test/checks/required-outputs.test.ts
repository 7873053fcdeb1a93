import { describe, expect, test } from "vitest";
import { check, submit } from "./kit.ts";

const RECORD = { path: "docs/adr/*.md", content: "^## Decision", description: "a decision record" };

describe("[checks.outputs] a role's outputs have to be there, with what must be in them", () => {
  test("a file with the content passes, wherever it came from", async () => {
    const { change } = await submit({ "docs/adr/1.md": "# One\n## Decision\nyes\n" });
    expect((await check(change, "required-outputs", { outputs: [RECORD] })).findings).toEqual([]);
    expect((await check(change, "required-outputs", { outputs: [{ path: "README.md", description: "a readme" }] })).findings).toEqual([]);
  });

  test("no file, or none with the content, stops the submission and names what is wanted", async () => {
    const none = await submit({ "src/a.txt": "x\n" });
    const missing = await check(none.change, "required-outputs", { outputs: [RECORD] });
    expect(missing.findings).toMatchObject([
      { blocks: true, file: null, message: '"a decision record" is missing: no file matches "docs/adr/*.md"' },
    ]);
    const empty = await submit({ "docs/adr/0.md": "# Zero\n" }, { "docs/adr/1.md": "# One\nnot ## Decision\n" });
    expect((await check(empty.change, "required-outputs", { outputs: [RECORD] })).findings).toMatchObject([
      { blocks: true, file: "docs/adr/0.md", fix: 'Add to "docs/adr/0.md" what "a decision record" needs.' },
    ]);
  });

  test("a link is no file, and an expression that does not end blocks", async () => {
    const { repo, change } = await submit({ "docs/adr/1.md": `${"a".repeat(60)}!\n` });
    const endless = { ...RECORD, content: "(a+)+$" };
    expect((await check(change, "required-outputs", { outputs: [endless] })).findings[0]?.message).toContain("took too long");
    repo.git("update-index", "--add", "--cacheinfo", `120000,${repo.git("hash-object", "-w", "README.md")},docs/link.md`);
    repo.git("commit", "-q", "-m", "link");
    const linked = { ...change, sha: repo.git("rev-parse", "HEAD"), paths: ["docs/link.md"] };
    const wanted = { outputs: [{ path: "docs/link.md", description: "a page" }] };
    expect((await check(linked, "required-outputs", wanted)).findings).toHaveLength(1);
  });
});
