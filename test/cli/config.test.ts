/** `skep config show`: every setting, where it comes from, and no secret. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { configFields, userFields } from "../../src/config/fields.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { nowhere, skep } from "./support/skep.ts";

interface Shown {
  readonly name: string;
  readonly value: unknown;
  readonly from: string;
  readonly where: string | null;
}

const SECRET = "hook-4f8a1c9e7b";
const OWN = `limits: { workers: 7, attempts: 9 }
harness:
  roles: { dev: { model: mine }, tester: { model: mine-too } }
notify:
  command: [/usr/bin/tell, "--password=${SECRET}"]
  url: https://hooks.example.com/${SECRET}
  origins: [https://hooks.example.com]
`;
const PROJECT = `# house rules
limits:
  workers: 2
harness:
  roles: { dev: { model: theirs } }
  adapters: { claude: { settings: { apiKey: ${SECRET}, keys: [${SECRET}], depth: 3 } } }
checks:
  secrets: { allow: [] }
`;

function home(): string {
  const HOME = tempDir("home");
  mkdirSync(path.join(HOME, ".config/skep"), { recursive: true });
  writeFileSync(path.join(HOME, ".config/skep/config.yaml"), OWN, { mode: 0o600 });
  return HOME;
}

async function show(cwd: string, env: Record<string, string | undefined>) {
  const { code, stdout, stderr } = await skep(["config", "show", "--json"], { cwd, env });
  const facts = JSON.parse(stdout) as { version: number; commit: string | null; uncommitted: boolean; settings: Shown[] };
  const of = (name: string) => facts.settings.filter((one) => one.name === name).map(({ value, from, where }) => [value, from, where]);
  return { code, stdout, stderr, facts, of };
}

test("[config.origin] each value is told with its origin: default, own file, project's file, variable, guess; with the line", async () => {
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": PROJECT, "package.json": '{"scripts":{"test":"x"}}', "package-lock.json": "{}" });
  const HOME = home();
  const env = { HOME, XDG_CONFIG_HOME: undefined, SKEP_LIMITS_TURNS: "12" };
  const { code, facts, of } = await show(repo.root, env);
  const own = path.join(HOME, ".config/skep/config.yaml");
  expect({ code, version: facts.version, uncommitted: facts.uncommitted }).toEqual({ code: 0, version: 1, uncommitted: false });
  expect(of("limits.workers")).toEqual([[2, "project", ".skep/config.yaml:3:12"]]);
  expect(of("limits.attempts")).toEqual([[9, "user", `${own}:1:33`]]);
  expect(of("limits.turns")).toEqual([[12, "environment", "SKEP_LIMITS_TURNS"]]);
  expect(of("land.strategy")).toEqual([["fast-forward", "default", null]]);
  expect(of("harness.roles.dev.model")).toEqual([["theirs", "project", expect.stringMatching(/^\.skep\/config\.yaml:5:/)]]);
  expect(of("harness.roles.tester.model")).toEqual([["mine-too", "user", `${own}:3:51`]]);
  expect(of("worktree.setup")).toEqual([[[["npm", "ci"]], "guess", "package-lock.json"]]);
  expect(of("checks.commands")).toEqual([[[["npm", "test"]], "guess", "package.json"]]);
  expect(of("notify.on")).toEqual([[["gate"], "default", null]]);
  // Every setting there is, whether it is a value or a table that has some.
  const names = facts.settings.map(({ name }) => name);
  const missing = [...configFields(), ...userFields()].filter(
    (field) => !names.some((name) => name === field.path || name.startsWith(`${field.path}.`)),
  );
  expect(missing).toEqual([]);

  repo.write({ ".skep/config.yaml": "limits: { workers: 5 }\n" });
  const text = await skep(["config", "show", "--origin"], { cwd: repo.root, env });
  expect(text.stdout).toMatch(/^limits\.workers +2 +project \.skep\/config\.yaml:3:12$/m);
  expect(text.stdout).toMatch(/^checks\.commands +\[\["npm","test"\]\] +guessed from package\.json$/m);
  expect(text.stderr).toContain("not committed");
  const short = await skep(["config", "show"], { cwd: repo.root, env });
  expect(short.stdout).toMatch(/^limits\.workers +2$/m);
});

test("[config.origin.secrets] what may be a secret stands in no form of it, and what is none does", async () => {
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": PROJECT });
  const env = { HOME: home(), XDG_CONFIG_HOME: undefined, SKEP_BUDGETS_SWARM_TOKENS: "5000" };
  const { stdout, of } = await show(repo.root, env);
  const text = await skep(["config", "show", "--origin"], { cwd: repo.root, env });
  expect(stdout + text.stdout + text.stderr).not.toContain(SECRET);
  expect(of("notify.url")[0]?.[0]).toBe("https://hooks.example.com/[redacted]");
  expect(of("notify.command")[0]?.[0]).toEqual(["/usr/bin/tell", "[redacted]"]);
  expect(of("harness.adapters.claude.settings.apiKey")[0]?.[0]).toBe("[redacted]");
  expect(of("harness.adapters.claude.settings.depth")[0]?.[0]).toBe(3);
  expect(of("budgets.swarm.tokens")[0]?.[0]).toBe(5000);
  expect(of("checks.secrets.allow")[0]?.[0]).toEqual([]);
});

test("[config.origin] it answers outside of a repository, and a mistake is refused as everywhere, with the near miss", async () => {
  const { code, facts, of, stderr } = await show(nowhere(), { HOME: home(), XDG_CONFIG_HOME: undefined });
  expect({ code, commit: facts.commit, stderr }).toEqual({ code: 0, commit: null, stderr: "" });
  expect(of("limits.workers")[0]?.slice(0, 2)).toEqual([7, "user"]);
  const wrong = await skep(["config", "sho"], { cwd: nowhere() });
  expect({ code: wrong.code, stderr: wrong.stderr }).toEqual({ code: 2, stderr: expect.stringContaining("did you mean show?") });
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": "limits: { worker: 3 }\n" });
  const refused = await skep(["config", "show"], { cwd: repo.root });
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/CONFIG_INVALID.*did you mean workers/),
  });
});
