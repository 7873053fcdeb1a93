/** What is left of skep when it has been here: nothing. In repositories, homes and settings as people have them. */
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { CLIENTS, clientIds } from "../../src/cli/setup/clients/index.ts";
import { ALL } from "../cli/setup/support.ts";
import { greeting } from "../cli/support/greeting.ts";
import { endGrounds, type Ground, makeGround, NOBODY } from "./residue/ground.ts";
import { type Settings, settings } from "./residue/settings.ts";

afterEach(endGrounds);

function put({ repo }: Ground, all: Readonly<Record<string, Settings | null>>): void {
  for (const id of clientIds) {
    const one = all[id];
    if (!one) continue;
    const file = path.join(repo.root, CLIENTS[id].file);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, one.text);
    chmodSync(file, one.mode);
  }
}

interface Way {
  /** Where the commands are started. */
  readonly cwd?: string;
  /** What happens between the two. */
  readonly between?: () => Promise<void>;
}

/** In and out again: every client has its entry between the two, and afterwards all is as before. */
async function comesAndGoes(ground: Ground, { cwd = ground.repo.root, between }: Way = {}): Promise<void> {
  const before = ground.look();
  expect(await ground.skep(["init", "--client", ALL, "--yes", "--hooks"], cwd)).toMatchObject({ code: 0 });
  const top = ground.repo.git("-C", cwd, "rev-parse", "--show-toplevel");
  for (const id of clientIds) expect(readFileSync(path.join(top, CLIENTS[id].file), "utf8")).toMatch(/"npx"[\s\S]*"mcp"/);
  await between?.();
  expect(await ground.skep(["uninstall", "--yes"], cwd)).toMatchObject({ code: 0 });
  expect(ground.look()).toEqual(before);
}

test("[setup.residue] settings of every client, however they are written, are byte for byte what they were", {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(settings, async (all) => {
      const ground = makeGround();
      put(ground, all);
      await comesAndGoes(ground);
    }),
    { numRuns: 12 },
  );
});

/** A file of every client in the worst of shapes: byte order mark, CRLF, comments, commas, and names nearly skep's. */
const WORST: Record<string, Settings> = Object.fromEntries(
  clientIds.map((id) => {
    const { format, path: at } = CLIENTS[id];
    const text =
      format === "toml"
        ? '# mine\r\nmodel = "x" # why\r\n\r\n[mcp_servers.skep-extra]\r\nenv = { A = "}" } # inline\r\n# the end'
        : `\ufeff{\r\n\t// mine\r\n\t"${at[0]}": {\r\n\t\t"skep-extra": { "command": "npx", }, // keep\r\n\t},\r\n}\r\n// the end`;
    return [id, { text, mode: 0o640 }];
  }),
);

const HOOK = "#!/bin/sh\n# mine\nexit 0\n";

describe("[setup.residue] repositories as people have them, with the demo between init and uninstall", () => {
  test("one in a folder with spaces, from a folder of it; settings in a commit, a .gitignore without its last line break", async () => {
    const ground = makeGround("my project's – über");
    put(ground, WORST);
    ground.repo.commit({ "a b/c.txt": "c\n", ".gitignore": "node_modules\n.skep\n.mcp.json" });
    const demo = async (): Promise<void> => {
      const { code, stdout, stderr } = await ground.skep(["demo", "--seconds", "300"], path.join(ground.repo.root, "a b"));
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    };
    await comesAndGoes(ground, { cwd: path.join(ground.repo.root, "a b"), between: demo });
  });

  test("a linked worktree, whose repository has hooks of its own", async () => {
    const ground = makeGround();
    const { repo } = ground;
    repo.write({ ".git/hooks/pre-commit": HOOK, ".git/hooks/pre-push.sample": HOOK });
    chmodSync(path.join(repo.root, ".git/hooks/pre-commit"), 0o750);
    const beside = path.join(ground.root, "work/be side");
    repo.git("worktree", "add", "-q", "-b", "beside", beside);
    await comesAndGoes(ground, { cwd: beside });
  });

  test.each([".githooks", "deep/in/hooks", "."])("core.hooksPath is %s", async (folder) => {
    const ground = makeGround();
    put(ground, WORST);
    ground.repo.git("config", "core.hooksPath", folder);
    if (folder !== "deep/in/hooks") ground.repo.write({ [`${folder}/pre-push`]: HOOK });
    await comesAndGoes(ground);
  });

  test("files of an earlier skep, of another one's hand, and links between settings", async () => {
    const ground = makeGround();
    const { repo } = ground;
    put(ground, { claude: WORST.claude ?? null, codex: WORST.codex ?? null });
    repo.write({
      ".skep/config.yaml": "team: solo # mine\n",
      ".skep/config.schema.json": "{}",
      ".skep/roles/house.md": "---\n",
      "shared/mcp.json": "{}",
      ".claude/settings.json": '{"hooks":{"Stop":[]},}',
    });
    mkdirSync(path.join(repo.root, ".cursor"));
    symlinkSync("../shared/mcp.json", path.join(repo.root, ".cursor/mcp.json"));
    symlinkSync("shared", path.join(repo.root, ".gemini"));
    await comesAndGoes(ground);
  });
});

describe("[setup.residue] what may not be written", () => {
  test("a file or folder under write protection, or that cannot be read, is refused by name; the rest comes and goes", async () => {
    const ground = makeGround("project", { user: NOBODY });
    const { repo } = ground;
    put(ground, WORST);
    ground.repo.write({ ".git/hooks/pre-push": HOOK });
    const protect = (): void => {
      chmodSync(path.join(repo.root, ".cursor/mcp.json"), 0o440);
      chmodSync(path.join(repo.root, ".gemini/settings.json"), 0o200);
      rmSync(path.join(repo.root, ".vscode"), { recursive: true });
      mkdirSync(path.join(repo.root, ".vscode"), { mode: 0o555 });
    };
    protect();
    ground.own();
    const before = ground.look();
    const { code, stdout } = await ground.skep(["init", "--client", ALL, "--yes", "--hooks"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.any(String) });
    expect(
      [...stdout.matchAll(/^refused: SETTINGS_UNREADABLE: "(.*?)" cannot be edited safely: (.*?) \(/gm)].map(([, file, why]) => [
        file,
        why,
      ]),
    ).toEqual([
      [".cursor/mcp.json", "it is write-protected"],
      [".gemini/settings.json", "it cannot be read"],
      [".vscode/mcp.json", '".vscode" is write-protected'],
    ]);
    // Protected in between: it stays, is named, and goes when it may.
    const { mode } = statSync(repo.root);
    chmodSync(path.join(repo.root, "opencode.json"), 0o440);
    chmodSync(repo.root, 0o555);
    const first = await ground.skep(["uninstall", "--yes"]);
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Taken out\./) });
    expect(first.stdout).toMatch(/^left: opencode\.json: .*write-protected/m);
    expect(first.stdout).toMatch(/^left: \.skep: EACCES: .*; it stays$/m);
    chmodSync(path.join(repo.root, "opencode.json"), 0o640);
    chmodSync(repo.root, mode);
    expect(await ground.skep(["uninstall", "--yes"])).toMatchObject({ code: 0 });
    expect(ground.look()).toEqual(before);
  });
});

test("[setup.residue] of a swarm that landed its work stays the work, and nothing in git's folder or the home, where its worktrees stood", async () => {
  const ground = makeGround();
  const playbook = path.join(ground.root, "playbook.yaml");
  writeFileSync(playbook, greeting());
  const settings = { playbook, state: path.join(ground.root, "work/agents") };
  mkdirSync(settings.state);
  ground.repo.commit({
    ".skep/config.yaml": JSON.stringify({
      harness: { default: "scripted", adapters: { scripted: { settings } } },
      checks: { commands: [] },
    }),
  });
  const before = ground.look();
  await ground.skep(["init", "--client", ALL, "--yes"]);
  const { code, stdout, stderr } = await ground.skep(["run", "--solo", "Greet the reader"]);
  expect({ code, stderr }, stdout).toMatchObject({ code: 0 });
  expect(await ground.skep(["land"])).toMatchObject({ code: 0 });
  expect(await ground.skep(["uninstall", "--yes"])).toMatchObject({ code: 0, stdout: expect.not.stringMatching(/^kept/m) });
  const after = ground.look();
  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name] && !name.startsWith("work/agents/"));
  expect(changed.toSorted()).toEqual([
    "work/project/.git/ORIG_HEAD", // git notes there where the branch stood before it landed
    "work/project/.git/refs/heads/main",
    "work/project/greeting.txt",
  ]);
  expect(ground.repo.git("worktree", "list").split("\n")).toHaveLength(1);
});
