import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { plantIn } from "../../src/engine/audit/plant.ts";
import { makeRepo } from "../support/repo.ts";

test("[review.audit.plant] a line the change added gets one defect; the rest of the file stays byte for byte", async () => {
  const repo = makeRepo();
  const base = repo.commit({ "src/a.ts": "export const old = (a: number, b: number) => a < b;\r\n" });
  const text = "export const old = (a: number, b: number) => a < b;\r\nexport const fresh = (a: number, b: number) => a > b;\r\n";
  const sha = repo.commit({
    "src/a.ts": text,
    "src/a.test.ts": "expect(a < b && b < c).toBe(x + y);\n",
    "test/b.ts": "if (a === b) throw new Error();\n",
    "vendor/c.ts": "if (a === b) throw new Error();\n",
    "notes.md": "if (a === b) and a < b\n",
    "src/d.ts": '// if (a === b)\nimport { a } from "./a < b";\nexport const d = "a && b";\n',
  });
  const pair = await plantIn(repo, sha, 1, []);
  expect(pair).toMatchObject({ base, defect: { file: "src/a.ts", line: 2 } });
  if (!pair) return;
  expect(pair.defect.before).toBe(text.split("\n")[1]);
  expect(repo.git("diff", "--numstat", pair.clean, pair.planted)).toBe("1\t1\tsrc/a.ts");
  expect(repo.git("cat-file", "blob", `${pair.planted}:src/a.ts`)).toBe(
    text.replace(pair.defect.before, () => pair.defect.after).replace(/\n$/, ""),
  );
  expect(await plantIn(repo, sha, 1, [])).toEqual(pair);
  // What was planted before is not asked again while there is something else.
  expect((await plantIn(repo, sha, 1, [pair.defect.defect]))?.defect.defect).not.toBe(pair.defect.defect);
});

test("[review.audit.plant] a change without a line to break, without a parent, of bytes that are no text, or gone, is passed over", async () => {
  const repo = makeRepo();
  const words = repo.commit({ "notes.md": "a < b\n", "src/a.ts": "export const a = 1;\n" });
  writeFileSync(`${repo.root}/src/latin.ts`, Buffer.from([0x2f, 0x2f, 0xe9, 0x0a, ...Buffer.from("export const b = (x, y) => x < y;\n")]));
  const latin = repo.commit({});
  for (const sha of [words, repo.base, latin, "0123456789012345678901234567890123456789"])
    expect(await plantIn(repo, sha, 1, [])).toBeNull();
});
