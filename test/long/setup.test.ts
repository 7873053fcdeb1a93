/** `skep init` and `skep uninstall` in all their ways: the built program on repositories that already have settings. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { parse as parseJson } from "jsonc-parser";
import { parse } from "smol-toml";
import { afterEach, describe, expect, test } from "vitest";
import { CLIENTS, type ClientId, clientIds } from "../../src/cli/setup/clients/index.ts";
import { ALL, everything, HOSTILE, init, ready, uninstall } from "../cli/setup/support.ts";
import { greeting } from "../cli/support/greeting.ts";
import { endHosts, hostedRepo, skep } from "../cli/support/skep.ts";
import { script } from "../cli/support/swarm.ts";
import { builtMain } from "../support/build.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

afterEach(endHosts);

/** A client that starts what its settings say, as it reads them. */
async function clientOf(root: string, id: ClientId): Promise<Client> {
  const { file, format, path: at, argv } = CLIENTS[id];
  const text = readFileSync(path.join(root, file), "utf8").replace(/^\ufeff/, "");
  const whole: unknown = format === "toml" ? parse(text) : parseJson(text);
  const entry = at.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], whole);
  const [command = "", ...args] = argv(entry as Record<string, unknown>);
  const client = new Client({ name: id, version: "0" });
  await client.connect(new StdioClientTransport({ command, args, cwd: root, stderr: "ignore" }));
  return client;
}

describe("[setup.uninstall] what is not to be removed", () => {
  test("what was changed since stays and is named; the rest goes, and a later one tries again", async () => {
    const repo = ready({ ".cursor/mcp.json": '{\n  "mcpServers": {\n    "a": {}\n  }\n}\n' });
    await init(repo, "--client", "cursor,claude", "--yes");
    const file = path.join(repo.root, ".cursor/mcp.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"-y", ', ""));
    repo.write({ ".skep/config.yaml": "team: minimal\n" });
    const { stdout } = await uninstall(repo, "--yes");
    expect(stdout).toMatch(/^left: \.cursor\/mcp\.json: the entry mcpServers\.skep was changed/m);
    expect(stdout).toMatch(/^left: \.skep\/config\.yaml: it was changed/m);
    expect(readFileSync(file, "utf8")).toBe(text.replace('"-y", ', ""));
    expect(everything(repo.root)).not.toHaveProperty([".mcp.json"]);
    // Somebody's own server beside ours is no change of ours.
    writeFileSync(file, text.replace('"a": {}', '"a": {}, "b": {}'));
    expect((await uninstall(repo, "--yes")).stdout).not.toContain(".cursor/mcp.json:");
    expect(readFileSync(file, "utf8")).toBe('{\n  "mcpServers": {\n    "a": {}, "b": {}\n  }\n}\n');
  });

  test("what was noted and never written, since init died between the two, is nothing to take out", async () => {
    const repo = ready();
    const before = everything(repo.root);
    await init(repo, "--client", ALL, "--yes");
    const added = Object.keys(everything(repo.root)).filter((name) => !/^\.git\/| is$/.test(name) && !Object.hasOwn(before, name));
    for (const name of added) rmSync(path.join(repo.root, name), { recursive: true, force: true });
    repo.write(HOSTILE);
    expect((await uninstall(repo, "--yes")).stdout).toBe("Nothing of skep's is in the files of this checkout.\n");
    expect(everything(repo.root)).toEqual(before);
  });

  test("without init there is nothing to take out, and entries that came with the commit are nobody's to remove", async () => {
    const repo = makeRepo();
    repo.commit({ ".mcp.json": '{"mcpServers":{"skep":{"command":"npx","args":["-y","skep","mcp"]}}}' });
    const before = everything(repo.root);
    expect((await uninstall(repo, "--yes")).stdout).toBe("Nothing of skep's is in the files of this checkout.\n");
    await init(repo, "--client", "claude", "--yes");
    await uninstall(repo, "--yes");
    expect(everything(repo.root)).toEqual(before);
  });
});

test("[setup.init] every change is shown; without a terminal nothing is written unless --yes; backups are kept", async () => {
  const repo = ready();
  const bin = tempDir("bin");
  for (const name of ["cursor", "code"]) {
    writeFileSync(path.join(bin, name), "#!/bin/sh\nexit 1\n");
    chmodSync(path.join(bin, name), 0o755);
  }
  const before = everything(repo.root);
  const shown = await skep(["init"], { cwd: repo.root, env: { PATH: `${bin}:${process.env.PATH}` } });
  expect(shown).toMatchObject({ code: 0, stderr: "Nothing was written. Next: skep init --yes\n" });
  for (const line of [/^tests +npm test$/m, /^build +npm run build$/m, /^change .*\.vscode\/mcp\.json$/m, /^\+ \t\t"skep": \{\r?$/m])
    expect(shown.stdout).toMatch(line);
  expect(await init(repo, "--dry-run", "--yes")).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Nothing was written/) });
  const facts = JSON.parse((await init(repo, "--json", "--client", "codex")).stdout);
  expect(facts).toMatchObject({ version: 1, changed: false, clients: ["codex"], commands: { tests: [["npm", "test"]] } });
  expect(facts.changes.map((change: { path: string }) => path.relative(repo.root, change.path))).toEqual([
    ".skep/config.yaml",
    ".skep/config.schema.json",
    ".codex/config.toml",
  ]);
  expect(everything(repo.root)).toEqual(before);
  await init(repo, "--yes", "--client", "codex");
  const backup = path.join(repo.root, ".git/skep-setup/before/.codex/config.toml");
  expect(readFileSync(backup, "utf8")).toBe(HOSTILE[".codex/config.toml"]);
  // Settings of servers may hold keys.
  expect(statSync(backup).mode & 0o777).toBe(0o600);
});

test("[setup.again] the second time writes nothing; an entry of its own that differs is replaced, one of somebody else's is left", async () => {
  const repo = ready({ ...HOSTILE, ".cursor/mcp.json": '{"mcpServers":{"skep":{"command":"mine"}}}' });
  const before = everything(repo.root);
  await init(repo, "--client", ALL, "--yes");
  const once = everything(repo.root);
  expect(await init(repo, "--client", ALL, "--yes")).toMatchObject({
    stderr: expect.stringMatching(/^Nothing to write/),
    stdout: expect.stringMatching(/^kept: \.cursor\/mcp\.json: there is another entry mcpServers\.skep/m),
  });
  expect(everything(repo.root)).toEqual(once);
  await init(repo, "--client", ALL, "--yes", "--local");
  const local = everything(repo.root);
  for (const id of clientIds) expect(local[CLIENTS[id].file]?.includes(builtMain())).toBe(id !== "cursor");
  await uninstall(repo, "--yes");
  expect(everything(repo.root)).toEqual(before);
});

describe("[setup.refused] named and left as it is, and the rest is done", () => {
  test.each([
    [".cursor/mcp.json", '{\n  "mcpServers": {\n    "a": 1\n    "b": 2\n  }\n}', /SETTINGS_UNREADABLE: "\.cursor\/mcp\.json" .*line 4/],
    [".codex/config.toml", "a = 1\nb =\n", /SETTINGS_UNREADABLE: "\.codex\/config\.toml" .*line 2/],
    [".codex/config.toml", "mcp_servers = {}\n", /SETTINGS_UNREADABLE: .*no table \[mcp_servers\.skep\] can stand there/],
  ])("%s: %j", async (file, text, why) => {
    const repo = ready({ [file]: text });
    const before = everything(repo.root);
    const { code, stdout, stderr } = await init(repo, "--client", ALL, "--yes");
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(why) });
    expect(stderr).toMatch(/^Written, but for what was refused\./);
    const after = everything(repo.root);
    for (const { file: other, title } of Object.values(CLIENTS)) {
      if (other === file) expect(after[file]).toBe(text);
      else expect(after[other]).toContain("npx");
      expect(stderr.includes(`${title}: `)).toBe(other !== file);
    }
    const { refused } = JSON.parse((await init(repo, "--client", ALL, "--json")).stdout);
    expect(refused).toEqual([expect.objectContaining({ code: "SETTINGS_UNREADABLE" })]);
    await uninstall(repo, "--yes");
    expect(everything(repo.root)).toEqual(before);
  });

  test("settings that are a link out of the repository, a link to nothing, or not text; a link inside is followed", async () => {
    const outside = tempDir("outside");
    writeFileSync(path.join(outside, "mcp.json"), "{}");
    const repo = ready({ "settings/shared.json": "{}\n" });
    symlinkSync(outside, path.join(repo.root, ".cursor"));
    symlinkSync("nowhere.json", path.join(repo.root, ".mcp.json"));
    symlinkSync("settings/shared.json", path.join(repo.root, "opencode.json"));
    mkdirSync(path.join(repo.root, ".vscode/mcp.json"), { recursive: true });
    mkdirSync(path.join(repo.root, ".gemini"));
    writeFileSync(path.join(repo.root, ".gemini/settings.json"), Buffer.from([0x7b, 0xff, 0x7d]));
    repo.write({ ".codex": "a file where the folder of settings would be\n" });
    const before = everything(repo.root);
    for (const [id, code] of [
      ["cursor", "SETTINGS_OUTSIDE"],
      ["claude", "SETTINGS_OUTSIDE"],
      ["vscode", "SETTINGS_UNREADABLE"],
      ["gemini", "SETTINGS_UNREADABLE"],
      ["codex", "SETTINGS_UNREADABLE"],
    ] as const)
      expect(await init(repo, "--client", id, "--yes")).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(new RegExp(`^refused: ${code}: `, "m")),
      });
    await uninstall(repo, "--yes");
    expect(everything(repo.root)).toEqual(before);
    expect(readFileSync(path.join(outside, "mcp.json"), "utf8")).toBe("{}");
    await init(repo, "--client", "opencode", "--yes");
    expect(readFileSync(path.join(repo.root, "settings/shared.json"), "utf8")).toContain("skep");
    await uninstall(repo, "--yes");
    expect(everything(repo.root)).toEqual(before);
  });
});

test("[setup.init] settings that clients share by a link get both entries, whichever name they go by", async () => {
  const repo = ready({ ".mcp.json": '{"theirs": 1}\n' });
  mkdirSync(path.join(repo.root, ".shared"));
  symlinkSync(".shared", path.join(repo.root, ".cursor"));
  mkdirSync(path.join(repo.root, ".vscode"));
  symlinkSync("../.mcp.json", path.join(repo.root, ".vscode/mcp.json"));
  const before = everything(repo.root);
  const named = ["--client", "claude,vscode,cursor", "--yes"];
  await init(repo, ...named);
  expect(parseJson(readFileSync(path.join(repo.root, ".mcp.json"), "utf8"))).toMatchObject({
    theirs: 1,
    mcpServers: { skep: { command: "npx" } },
    servers: { skep: { command: "npx" } },
  });
  expect(await init(repo, ...named)).toMatchObject({ stderr: expect.stringMatching(/^Nothing to write/) });
  await uninstall(repo, "--yes");
  expect(everything(repo.root)).toEqual(before);
});

describe("[setup.entry] what stands in each client's settings", () => {
  test("starts a server that answers, read back from the file as the client reads it", async () => {
    const repo = ready({});
    await init(repo, "--client", ALL, "--yes", "--local");
    for (const id of clientIds) {
      const client = await clientOf(repo.root, id);
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain("swarm_create");
      const { structuredContent } = await client.callTool({ name: "swarm_list", arguments: {} });
      expect(structuredContent).toEqual({ swarms: [] });
      await client.close();
    }
    expect(await uninstall(repo, "--yes")).toMatchObject({ code: 0 });
    expect(readdirSync(path.join(repo.root, ".git"))).not.toContain("skep");
  });

  test("is npx -y skep mcp and no path, unless the running program is asked for", async () => {
    for (const id of clientIds) {
      const { entry, argv } = CLIENTS[id];
      expect(argv(entry(["npx", "-y", "skep", "mcp"]))).toEqual(["npx", "-y", "skep", "mcp"]);
    }
    const repo = ready({});
    await init(repo, "--client", ALL, "--yes");
    for (const id of clientIds) expect(readFileSync(path.join(repo.root, CLIENTS[id].file), "utf8")).not.toMatch(/"\/|node/);
  });
});

/** Each task asks a person, then does what is to be done. */
const PLAYBOOK = greeting(`
      - call: human_ask
        with: { question: "Now?", options: [now, later], fallback: now, minutes: 10 }
      - wait: turn`);

test("[setup.leave] a live swarm is stopped, one with merged work keeps its branch until it is landed; then nothing is left", {
  timeout: 180_000,
}, async () => {
  const repo = hostedRepo();
  script(repo, PLAYBOOK);
  repo.write(HOSTILE);
  const worktrees = (JSON.parse(readFileSync(path.join(repo.root, ".skep/config.yaml"), "utf8")) as { worktree: { root: string } }).worktree
    .root;
  const before = everything(repo.root);
  await init(repo, "--client", "claude", "--yes", "--local");
  const client = await clientOf(repo.root, "claude");
  const call = async (name: string, args: object) =>
    (await client.callTool({ name, arguments: { ...args } })).structuredContent as Record<string, unknown>;
  const gate = async (swarm: unknown) =>
    until(async () => ((await call("swarm_status", { swarm })).gates as { gate: string }[] | undefined)?.[0], {
      what: "it asks",
      timeoutMs: 60_000,
    });
  const begin = async (goal: string) => (await call("swarm_create", { goal, team: "solo" })).swarm;
  const done = await begin("Greet the reader");
  await gate(done);
  await call("gate_answer", { swarm: done, gate: "g1", answer: "now" });
  await until(async () => (await call("swarm_status", { swarm: done })).status === "completed", { what: "it ends", timeoutMs: 60_000 });
  const live = await begin("Greet the writer");
  await gate(live);
  await client.close();

  const first = await uninstall(repo, "--yes");
  expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Taken out/) });
  expect(first.stdout).toMatch(new RegExp(`^stop ${live}  Greet the writer$`, "m"));
  expect(first.stdout).toMatch(new RegExp(`^kept: skep/${done}: nothing else holds its work$`, "m"));
  expect(first.stdout).not.toContain(`kept: skep/${live}`);
  const { ".mcp.json": settings, ...rest } = before;
  expect(everything(repo.root)).toMatchObject({ ".mcp.json": settings, "package.json": rest["package.json"] });
  expect(repo.git("worktree", "list").split("\n")).toHaveLength(1);

  expect(await skep(["land", String(done)], { cwd: repo.root })).toMatchObject({ code: 0 });
  expect(await uninstall(repo, "--yes")).toMatchObject({ code: 0, stdout: "Nothing of skep's is in the files of this checkout.\n" });
  expect(readFileSync(path.join(repo.root, "greeting.txt"), "utf8")).toBe("hello\n");
  expect(readdirSync(path.join(repo.root, ".git")).filter((name) => name.startsWith("skep"))).toEqual([]);
  expect(repo.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
  expect(existsSync(worktrees) ? readdirSync(worktrees) : []).toEqual([]);
});
