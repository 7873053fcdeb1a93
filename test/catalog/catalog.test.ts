import { describe, expect, test } from "vitest";
import { findRole, findTeam, loadCatalog } from "../../src/catalog/catalog.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";
import { newSeat, seats } from "../../src/catalog/teams.ts";
import { load, ROLE, refusal, role, SHOWN, TEAM, team } from "./fixtures.ts";

const choose = (_role: string, wish: { harness?: string; model?: string }) => ({
  harness: wish.harness ?? "claude",
  provider: "anthropic",
  model: wish.model ?? null,
});

describe("what comes with the package", () => {
  test("[catalog.shipped] all roles and teams load without a word", () => {
    const { roles, teams } = load();
    const of = (duty: string) => [...roles.values()].filter((one) => one.duty === duty).map(({ id, preset }) => `${id} ${preset}`);
    expect(of("queen")).toEqual(["queen read-only"]);
    expect(of("reviewer")).toEqual(["reviewer read-only", "risk read-only", "security-auditor read-only"]);
    expect(of("worker")).toEqual(
      ["architect", "developer", "docs-writer", "qa-engineer", "researcher", "resolver", "solidity-dev", "tester", "writer"].map(
        (id) => `${id} guarded`,
      ),
    );
    expect([...teams.values()].map(({ id, solo }) => `${id} ${solo}`)).toEqual([
      "dev-team-pro false",
      "dev-team false",
      "minimal false",
      "solo true",
    ]);
  });

  test("[catalog.seats] every seat of a team has a name of its own that is an id", () => {
    const { roles, teams } = load();
    const names = (id: string) => seats(findTeam({ teams }, id), roles, choose).map(({ seat, role, duty }) => `${seat} ${role} ${duty}`);
    expect(names("minimal")).toEqual([
      "queen queen queen",
      "reviewer reviewer reviewer",
      "dev-0 developer worker",
      "dev-1 developer worker",
    ]);
    expect(names("solo")).toEqual(["reviewer reviewer reviewer", "dev-0 developer worker"]);
  });

  test("[catalog.seats.more] a seat added later takes the first free name", () => {
    const { roles } = load();
    const name = (id: string, taken: readonly string[]) => newSeat(findRole({ roles }, id), new Set(taken), choose).seat;
    expect(name("developer", ["dev-0", "dev-2"])).toBe("dev-1");
    expect(name("reviewer", ["reviewer"])).toBe("reviewer-1");
  });
});

describe("a project's own files", () => {
  test("[catalog.project.overrides] a project's role replaces the shipped one of its id, and its teams may use it", () => {
    const own = ROLE.replace("id: tester", "id: developer").replace("version: 1", "version: 7");
    const { roles, teams } = load(role(own, "developer"), team(TEAM));
    expect(roles.get("developer")).toMatchObject({ version: 7, title: "Tester", file: ".skep/roles/developer.md" });
    expect(roles.get("developer")?.prompt).toContain("You test.");
    expect(teams.get("pair")?.seats).toHaveLength(3);
    expect(roles.get("queen")?.file).toBe("roles/queen.md");
  });

  test("[catalog.project.fields] a role may name checks, commands, harness and model; a team's seat is stronger", () => {
    const text = ROLE.replace(
      "preset: guarded",
      "preset: guarded\nseat: qa\nharness: codex\nmodel: big\nchecks:\n  - name: e2e\n    argv: [npm, run, e2e]\ncommands:\n  - [npm, run]",
    );
    const { roles, teams } = load(role(text), team(`${TEAM}  - role: tester\n    count: 2\n  - role: tester\n    harness: claude\n`));
    const qa = roles.get("tester");
    expect(qa?.checks).toEqual([{ name: "e2e", argv: ["npm", "run", "e2e"], cwd: null, minutes: 10 }]);
    expect(qa?.commands).toEqual([["npm", "run"]]);
    const specs = seats(findTeam({ teams }, "pair"), roles, choose).filter(({ role: of }) => of === "tester");
    expect(specs.map(({ seat, harness, model }) => `${seat} ${harness} ${model}`)).toEqual([
      "qa-0 codex big",
      "qa-1 codex big",
      "qa-2 claude null",
    ]);
  });

  test("[catalog.project.elsewhere] files beside these folders are nobody's role", () => {
    expect([
      ...load({ path: ".skep/roles/notes/x.md", text: "broken" }, { path: ".skep/roles/x.txt", text: "broken" }).roles.keys(),
    ]).toEqual([...load().roles.keys()]);
  });
});

describe("[catalog.refused] what is wrong is refused with file, line and the way out", () => {
  test.each([
    ["no front matter", role("You test."), ".skep/roles/tester.md:1 has no front matter", "begin it with a line of three hyphens"],
    ["front matter without an end", role("---\nid: tester\n"), "tester.md:1 has front matter without an end", "close it"],
    ["broken YAML", role(ROLE.replace("duty: worker", "duty: [worker")), "tester.md:5 is no valid YAML", "mend the YAML there"],
    [
      "a key twice",
      role(ROLE.replace("version: 1", "version: 1\nversion: 2")),
      'tester.md:6 is no valid YAML: "Map keys must be unique',
      "mend",
    ],
    [
      "an unknown key",
      role(ROLE.replace("preset:", "prest:")),
      'tester.md:6 has the unknown key "prest", perhaps "preset"',
      'write "preset"',
    ],
    ["a missing field", role(ROLE.replace("version: 1\n", "")), 'tester.md:2 misses "version"', 'give "version" a value'],
    ["a wrong value", role(ROLE.replace("worker", "boss")), 'tester.md:4 has a wrong "duty"', 'give "duty" a value'],
    ["another id than the file", role(ROLE.replace("id: tester", "id: qa")), 'tester.md:2 says it is "qa"', 'make the id "tester"'],
    [
      "an id that climbs out of its folder",
      role(ROLE.replace("id: tester", "id: ../meta")),
      'tester.md:2 has a wrong "id": is no id',
      'give "id"',
    ],
    ["a file name that is no id", role(ROLE, "My Role"), '".skep/roles/My Role.md":1 has a name that cannot be an id', "rename it"],
    [
      "a check outside the repository",
      role(ROLE.replace("preset: guarded", "preset: guarded\nchecks:\n  - name: a\n    argv: [x]\n    cwd: ../up")),
      'tester.md:10 has a wrong "checks.0.cwd"',
      "give",
    ],
    [
      "a command as one string",
      role(ROLE.replace("preset: guarded", "preset: guarded\ncommands:\n  - npm test")),
      'tester.md:8 has a wrong "commands.0"',
      "give",
    ],
    ["no text", role(ROLE.replace("You test.", "")), "tester.md:8 has no text below its front matter", "write what the agent hands over"],
    ["a token nothing fills", role(ROLE.replace("You test.", "Hello.\n\nYou are {agent}.")), "tester.md:10 has a {token}", "whoami"],
    ["too long a text", role(`${ROLE}${"word ".repeat(900)}`), "bytes; at most 4000 are allowed", "cut"],
    ["an enormous file", role(`---\n${"a: 1\n".repeat(20_000)}---\nhi`), "tester.md:2 is 99999 characters long", "shorten it"],
    ["deep nesting", role(`---\nid: ${"[".repeat(30_000)}\n---\nhi`), "tester.md:", "mend|write it flat"],
    [
      "an alias bomb",
      role(`---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n---\nhi`),
      "tester.md:",
      "without aliases|remove",
    ],
    [
      "seats named like another role's",
      role(ROLE.replace("version: 1", "version: 1\nseat: dev")),
      'names its seats "dev" like the role developer',
      "another `seat`",
    ],
    [
      "a team of unknown roles",
      team(TEAM.replace("developer", "develper")),
      '.skep/templates/teams/pair.yaml:6 names the unknown role "develper", perhaps "developer"',
      "write developer",
    ],
    ["a team without reviewer", team(TEAM.replace("  - role: reviewer\n", "")), "pair.yaml:4 has no reviewer", "role: reviewer"],
    ["a team whose only reviewer looks at risks", team(TEAM.replace("reviewer", "risk")), "pair.yaml:4 has no reviewer", "role: reviewer"],
    [
      "a forbidden pattern that is none",
      role(ROLE.replace("preset: guarded", `preset: guarded\nforbidden_patterns:\n  - {pattern: "(", ${SHOWN}}`)),
      'tester.md:8 has a wrong "forbidden_patterns.0.pattern": is no regular expression',
      "give",
    ],
    [
      "a pattern without its counter-example",
      role(
        ROLE.replace("preset: guarded", `preset: guarded\nforbidden_patterns:\n  - {pattern: "x", ${SHOWN.replace(", counter: b", "")}}`),
      ),
      'tester.md:8 misses "forbidden_patterns.0.counter"',
      "give",
    ],
    [
      "a scope outside the repository",
      role(ROLE.replace("preset: guarded", "preset: guarded\nscope_paths: [../up/]")),
      'tester.md:7 has a wrong "scope_paths.0"',
      "give",
    ],
    [
      "a profile key written another way",
      role(ROLE.replace("preset: guarded", "preset: guarded\nmust-not: [lie]")),
      'tester.md:7 has the unknown key "must-not", perhaps "must_not"',
      'write "must_not"',
    ],
    [
      "an escalation to nobody",
      role(ROLE.replace("preset: guarded", "preset: guarded\nescalation: qeen")),
      'tester.md:1 has the unknown escalation "qeen", perhaps "queen"',
      "name another role, or human",
    ],
    [
      "a token in the profile",
      role(ROLE.replace("preset: guarded", "preset: guarded\nmust_not: ['Ask {agent}']")),
      "tester.md:2 has a {token} in its profile",
      "whoami",
    ],
    ["a team without worker", team(TEAM.replace("  - role: developer\n", "")), "pair.yaml:4 has no worker", "role: developer"],
    ["a team without queen", team(TEAM.replace("  - role: queen\n", "")), "pair.yaml:4 has 0 queens", "solo: true"],
    ["a team with two queens", team(TEAM.replace("queen", "queen\n    count: 2")), "pair.yaml:4 has 2 queens", "keep one queen"],
    [
      "a solo team with a queen",
      team(TEAM.replace("title: A pair", "title: A pair\nsolo: true")),
      "pair.yaml:3 is solo and has a queen",
      "remove the queen",
    ],
    ["too many seats", team(TEAM.replace("developer", "developer\n    count: 63")), "pair.yaml:4 has more than 64 seats", "lower"],
    ["an empty team", team(""), "pair.yaml:1 holds no fields", "state its fields"],
  ])("%s", (_name, file, what, fix) => {
    const text = refusal([file]);
    expect(text).toMatch(/^CATALOG_INVALID: /);
    expect(text).toContain(what);
    expect(text.split(" | ")[1]).toMatch(new RegExp(fix.replace(/[.(){}[\]]/g, "\\$&")));
  });

  test("an id given twice", () => {
    expect(refusal([role(ROLE), role(ROLE)])).toContain('repeats the id "tester"');
  });

  test("names the caller knows to be wrong: tools, harnesses", () => {
    const known = { tools: { queen: [], reviewer: [], worker: ["task_submit"] }, harnesses: ["claude"] };
    const files = [
      role(ROLE.replace("preset: guarded", "preset: guarded\nharness: cluade\ntools: [task_submit, plan_submit]")),
      team(`${TEAM}    harness: codex\n`),
    ];
    const text = refusal(files, known);
    expect(text).toContain('tester.md:8 names "plan_submit", no tool of a worker');
    expect(text).toContain('tester.md:7 names the unknown harness "cluade"');
    expect(text).toContain('pair.yaml:7 names the unknown harness "codex"');
  });

  test("everything in every file at once", () => {
    const text = refusal([role("x"), team(TEAM.replace("developer", "develper")), role(ROLE.replace("worker", "boss"), "other")]);
    expect(text).toContain("tester.md:1");
    expect(text).toContain("other.md:4");
    expect(text).toContain("pair.yaml:6");
  });

  test("a package without its shared blocks", () => {
    expect(
      refusal(
        [],
        {},
        shippedFiles().filter(({ path }) => !path.includes("shared")),
      ),
    ).toContain("roles/shared/swarm.md is missing");
  });
});

test("[catalog.unknown] an unknown team or role is refused with the one that was meant", () => {
  const catalog = loadCatalog({ shipped: shippedFiles(), project: [] });
  expect(() => findTeam(catalog, "minmal")).toThrow(
    expect.objectContaining({ code: "NO_TEAM", next: "the same call with the team minimal" }),
  );
  expect(() => findRole(catalog, "../queen")).toThrow(
    expect.objectContaining({ code: "NO_ROLE", message: expect.stringContaining('"../queen"') }),
  );
});
