/** The hooks that `skep init --hooks` puts in, run as an agent CLI runs them: by a shell, with a JSON on stdin. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { asId, type SwarmId } from "../../src/base/ids.ts";
import { everything, HOSTILE, init, ready, uninstall } from "../cli/setup/support.ts";
import { endHosts, hostedRepo, skep, start } from "../cli/support/skep.ts";
import { swarmAtGate } from "../cli/support/swarm.ts";
import { projectAt } from "../engine/support/repository.ts";
import type { TestRepo } from "../support/repo.ts";

afterEach(endHosts);

const CLAUDE = '{\n  // mine\n  "hooks": {\n    "Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]\n  }\n}\n';

type Hooks = Record<"SessionStart" | "Stop", { hooks: { command: string }[] }[]>;

async function fire(
  repo: TestRepo,
  file: string,
  event: keyof Hooks,
  told: object = {},
  env: Record<string, string> = {},
): Promise<string> {
  const text = readFileSync(path.join(repo.root, file), "utf8").replace("// mine", "");
  const command = (JSON.parse(text) as { hooks: Hooks }).hooks[event].at(-1)?.hooks[0]?.command ?? "";
  const input = JSON.stringify({ cwd: path.join(repo.root, "src"), hook_event_name: event, ...told });
  const { code, stdout } = await start(["sh", "-c", command], { cwd: "/", input, env }).ended;
  expect(code).toBe(0);
  return stdout;
}

test("[setup.hooks] none without being asked; merged into what is there; and byte for byte gone", async () => {
  const repo = ready({ ...HOSTILE, ".claude/settings.json": CLAUDE });
  const before = everything(repo.root);
  await init(repo, "--client", "claude,codex,cursor", "--yes");
  expect(everything(repo.root)).toMatchObject({ ".claude/settings.json": CLAUDE });
  expect(everything(repo.root)).not.toHaveProperty([".codex/hooks.json"]);
  await init(repo, "--client", "claude,codex,cursor", "--yes", "--hooks");
  const after = everything(repo.root);
  expect(after[".claude/settings.json"]).toMatch(/\/\/ mine.*say done.*npx -y skep hook stop.*npx -y skep hook session-start/s);
  expect(after[".codex/hooks.json"]).toContain("npx -y skep hook session-start");
  expect(after[".git/hooks/pre-commit"]).toContain("check --hook pre-commit");
  // The check of commits comes into the same file by another command, and goes with the rest.
  await skep(["check", "--install", "claude"], { cwd: repo.root });
  await uninstall(repo, "--yes");
  expect(everything(repo.root)).toEqual(before);
});

test("[setup.hooks] git's hooks that cannot be taken back are left and named, and everything else is written", async () => {
  const repo = ready({ ".git/hooks/pre-commit": '#!/bin/sh\n. "$(dirname "$0")/_/husky.sh"\n' });
  const { code, stdout } = await init(repo, "--client", "claude", "--yes", "--hooks");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^kept: git's hooks: .*husky.* add this line to it by hand: /m),
  });
  expect(everything(repo.root)).toHaveProperty([".claude/settings.json"]);
});

test("[setup.hooks] settings that cannot be edited are refused once, however many hooks would come into them", async () => {
  const repo = ready({ ".claude/settings.json": '{"hooks": ' });
  const { code, stdout } = await init(repo, "--client", "claude", "--hooks", "--yes");
  expect({ code, refused: stdout.match(/^refused: .*/gm) }).toEqual({
    code: 1,
    refused: [expect.stringMatching(/SETTINGS_UNREADABLE: "\.claude\/settings\.json" /)],
  });
  expect(everything(repo.root)).toMatchObject({ ".claude/settings.json": '{"hooks": ', ".mcp.json": expect.stringContaining("skep") });
});

test("[setup.hooks] a session is told where swarms stand; a stop gives its mail once; nothing is said where nothing is, or to an agent", async () => {
  const repo = hostedRepo();
  const before = everything(repo.root);
  await init(repo, "--client", "claude,codex", "--yes", "--hooks", "--local");
  const [claude, codex] = [".claude/settings.json", ".codex/hooks.json"];
  expect(await fire(repo, claude, "SessionStart")).toBe("");
  expect(everything(repo.root)).not.toHaveProperty([".git/skep"]);

  const id = await swarmAtGate(repo, 'Tidy the "notes"');
  const said = JSON.parse(await fire(repo, codex, "SessionStart", { source: "compact" }));
  expect(said).toEqual({ hookSpecificOutput: { hookEventName: "SessionStart", additionalContext: expect.any(String) } });
  const { additionalContext: context } = said.hookSpecificOutput;
  expect(context).toMatch(new RegExp(`^${id} "Tidy the \\\\"notes\\\\"" is `, "m"));
  expect(context).toMatch(/^ {2}gate g1 asks: ".*disk is full/m);
  expect(context).toMatch(/Next: gate_answer/);

  expect(await fire(repo, claude, "Stop")).toBe("");
  const project = await projectAt(repo.root);
  const swarm = await project.open(asId<SwarmId>(id) as SwarmId);
  await swarm.mail.send({ from: "dev-0", to: "operator", kind: "note", subject: "Half done", body: "The parser stands." });
  await project.close();
  expect(await fire(repo, claude, "Stop", {}, { SKEP_SESSION: "s-1/x1" })).toBe("");
  expect(await fire(repo, claude, "Stop", { stop_hook_active: true })).toBe("");
  const held = JSON.parse(await fire(repo, claude, "Stop"));
  expect(held).toEqual({ decision: "block", reason: expect.stringMatching(/The parser stands/) });
  expect(await fire(repo, claude, "Stop")).toBe("");
  await uninstall(repo, "--yes");
  expect(everything(repo.root)).toEqual(before);
});
