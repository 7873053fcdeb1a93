/** Broken files of a project: no swarm is made, the file is named, and mending it is all there is to do. */
import { describe, expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { endHost, REFUSAL, StdioDoor, skep } from "./support/doors.ts";

const ROLE = (front: string): string => `---\n${front}\n---\nYou test.\n`;
const BROKEN: readonly (readonly [string, string, string, string, string])[] = [
  ["config.yaml that is no YAML", ".skep/config.yaml", "team: [minimal\n", "CONFIG_INVALID", ".skep/config.yaml:"],
  ["config.yaml with an unknown key", ".skep/config.yaml", "limits:\n  atempts: 3\n", "CONFIG_INVALID", ".skep/config.yaml:2"],
  ["config.yaml that is binary", ".skep/config.yaml", "\u0000\u0001\u0002", "CONFIG_INVALID", ".skep/config.yaml"],
  [
    "a role whose front matter has no end",
    ".skep/roles/developer.md",
    "---\nid: developer\n",
    "CATALOG_INVALID",
    ".skep/roles/developer.md:1",
  ],
  ["a role whose front matter is no YAML", ".skep/roles/tester.md", ROLE("id: [tester"), "CATALOG_INVALID", ".skep/roles/tester.md:"],
  ["a role without front matter", ".skep/roles/tester.md", "You test.\n", "CATALOG_INVALID", ".skep/roles/tester.md:1"],
  ["a team that is no YAML", ".skep/templates/teams/pair.yaml", "seats: [\n", "CATALOG_INVALID", ".skep/templates/teams/pair.yaml:"],
  ["a role file with a hostile name", '.skep/roles/..`touch meta`".md', ROLE("id: x"), "CATALOG_INVALID", "rename it"],
];

describe("[bad-input.files] a broken file of the project is refused with its place, by tool and command, and makes no swarm", () => {
  test.each(BROKEN)("%s", async (_what, file, text, code, place) => {
    const repo = makeRepo();
    repo.commit({ [file]: text });
    const door = await new StdioDoor({ cwd: repo.root }).initialize();
    const told = await door.tool("swarm_create", { goal: "a goal", harness: "scripted" });
    expect(told).toMatchObject({ ok: false, code, text: expect.stringContaining(place) });
    const ran = await skep({ cwd: repo.root }, "run", "a goal", "--harness", "scripted");
    expect([ran.code, REFUSAL.exec(ran.err)?.[1]]).toEqual([1, code]);
    expect((await door.tool("swarm_list")).facts).toEqual({ swarms: [] });
    await door.end();
  });

  test("and mended in a commit it is as if it had never been", async () => {
    const repo = makeRepo();
    repo.commit({ ".skep/roles/tester.md": "You test.\n", ".skep/config.yaml": "team: [\n" });
    const door = await new StdioDoor({ cwd: repo.root }).initialize();
    try {
      const wish = { goal: "a goal", harness: "scripted" };
      expect((await door.tool("swarm_create", wish)).ok).toBe(false);
      // A file that is only edited is not what a swarm works by.
      repo.write({ ".skep/roles/tester.md": "", ".skep/config.yaml": "" });
      expect((await door.tool("swarm_create", wish)).ok).toBe(false);
      repo.git("rm", "-q", "-f", "-r", ".skep");
      repo.git("commit", "-q", "-m", "mended");
      expect(await door.tool("swarm_create", wish)).toMatchObject({ ok: true, code: null });
    } finally {
      await door.end();
      await endHost(repo.root);
    }
  });
});
