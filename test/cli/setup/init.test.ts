/** `skep init` and `skep uninstall` as a person starts them; more of it, with many starts, in test/long/setup.test.ts. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CLIENTS, clientIds } from "../../../src/cli/setup/clients/index.ts";
import { configText } from "../../../src/cli/setup/config-text.ts";
import { type FoundCli, preferred } from "../../../src/cli/setup/detect.ts";
import { resolveConfig } from "../../../src/config/load.ts";
import { ALL, everything, init, ready, uninstall } from "./support.ts";

test("[setup.registry] every file of the folder is one client of the list, and no two share settings", () => {
  const files = readdirSync(path.resolve(import.meta.dirname, "../../../src/cli/setup/clients"))
    .map((name) => name.replace(/\.ts$/, ""))
    .filter((name) => name !== "index" && name !== "client");
  expect([...clientIds]).toEqual(files.sort());
  expect(new Set(clientIds.map((id) => CLIENTS[id].file)).size).toBe(clientIds.length);
});

test("[setup.uninstall] the checkout is byte for byte what it was, with settings of every kind, and with none", async () => {
  for (const repo of [ready(), ready({})]) {
    const before = everything(repo.root);
    expect(await init(repo, "--client", ALL, "--yes")).toMatchObject({ code: 0 });
    const after = everything(repo.root);
    for (const id of clientIds) expect(after[CLIENTS[id].file]).toContain("skep");
    const { code, stdout } = await uninstall(repo, "--yes");
    expect(code).toBe(0);
    // As init shows it: of what editors read the name, of what a person reads every line.
    expect(stdout).toMatch(/^remove .*\/config\.schema\.json {2}\(what may stand in \.skep\/config\.yaml, for editors\)\nremove /m);
    expect(stdout).toMatch(/^- # How swarms work on this project/m);
    expect(everything(repo.root)).toEqual(before);
  }
});

test("[setup.config] the agent CLI of a new project is one that can sign in, where there is one", () => {
  const cli = (id: FoundCli["id"], signedIn: boolean | null, found = true): FoundCli => ({ id, found, signedIn, version: null, says: "" });
  expect(preferred([cli("claude", false), cli("codex", true), cli("opencode", null)])).toBe("codex");
  expect(preferred([cli("claude", false), cli("codex", true, false), cli("opencode", null)])).toBe("opencode");
  expect(preferred([cli("claude", false)])).toBe("claude");
  expect(preferred([cli("claude", null, false)])).toBeNull();
});

test("[setup.config] what is written is read by a swarm, with the commands found here", async () => {
  const top = { files: ["package.json", "pnpm-lock.yaml", "go.mod"], packageJson: '{"scripts":{"test":"x","build":"y"}}' };
  const { checks, harness, worktree } = resolveConfig({ text: configText({ top, harness: "codex" }) });
  expect(checks.commands?.map(({ name, argv }) => [name, ...argv].join(" "))).toEqual([
    "tests pnpm test",
    "tests-2 go test ./...",
    "build pnpm run build",
    "build-2 go build ./...",
  ]);
  expect({ default: harness.default, setup: worktree.setup }).toEqual({ default: "codex", setup: null });
  expect(resolveConfig({ text: configText({ top: { files: [], packageJson: null }, harness: null }) }).checks.commands).toBeNull();
  const repo = ready({});
  await init(repo, "--yes");
  const schema = JSON.parse(readFileSync(path.join(repo.root, ".skep/config.schema.json"), "utf8"));
  expect(schema).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#", properties: { checks: { type: "object" } } });
});
