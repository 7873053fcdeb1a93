/** Pipeline files: what they may say, and that everything else is refused with its place. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { broken, flawsOf, planOf, SOUND, source, tried } from "./pipeline-kit.ts";

const FILE = ".skep/templates/pipelines/tidy.yaml";

describe("[pipeline.refused] with file, line and column", () => {
  test.each([
    ["broken YAML", broken("about: For a mess.", "about: [For"), /tidy\.yaml:\d+:\d+ is no valid YAML/],
    ["another id than the file", broken("id: tidy", "id: tidi"), `${FILE}:1:5 says it is "tidi"`],
    [
      "an unknown key",
      broken("acceptance: [It is seen]", "acceptence: [It is seen]"),
      `${FILE}:20:9 has the unknown key "acceptence", perhaps "acceptance"`,
    ],
    ["a missing field", broken("        title: Sweep\n", ""), `${FILE}:24:9 misses "phases.1.tasks.0.title"`],
    [
      "a scope outside",
      broken("docs/mess.md", "../mess.md"),
      `${FILE}:16:17 has a wrong "phases.0.tasks.0.scope.0": must be a path inside`,
    ],
    [
      "a scope of skep's own",
      broken("docs/mess.md", ".skep/config.yaml"),
      `${FILE}:16:17 has a wrong "phases.0.tasks.0.scope.0": must be outside`,
    ],
    [
      "a check as one string",
      broken("        proof: tests_pass", '        checks: ["npm test && echo"]'),
      `${FILE}:30:18 has a wrong "phases.1.tasks.0.checks.0"`,
    ],
    ["two tasks with one id", broken("id: test", "id: see"), `${FILE}:31:13 is a second task "see"`],
    ["two phases with one id", broken("id: work", "id: look"), `${FILE}:21:9 is a second phase "look"`],
    [
      "an unknown task before it",
      broken("depends_on: [sweep]", "depends_on: [sweeep]"),
      `${FILE}:37:22 waits for the unknown task "sweeep", perhaps "sweep"`,
    ],
    [
      "an unknown phase before it",
      broken("  - id: work\n", "  - id: work\n    depends_on: [lok]\n"),
      `${FILE}:22:18 waits for the unknown phase "lok", perhaps "look"`,
    ],
    [
      "tasks in a circle",
      broken("        brief: Sweep.", "        brief: Sweep.\n        depends_on: [test]"),
      "makes the tasks wait in a circle: sweep after test after sweep",
    ],
    ["an unknown role", broken("role: tester", "role: testr"), `${FILE}:33:15 names "testr", no role that does tasks, perhaps "tester"`],
    ["a reviewer who shall work", broken("role: tester", "role: reviewer"), 'names "reviewer", no role that does tasks'],
    ["an unknown team", broken("team: dev-team", "team: dev-tem"), `${FILE}:4:7 names "dev-tem", an unknown team, perhaps "dev-team"`],
    [
      "an escalation to itself",
      broken("        proof: tests_pass", "        escalate: developer"),
      `${FILE}:30:19 escalates to its own role`,
    ],
    ["a variable without a value to try", broken(", example: 3", ""), `${FILE}:7:3 the variable "much" has neither`],
    ["a default of another type", broken("default: slow", "default: slowly"), 'the variable "how" has a value that does not fit'],
    ["a variable in an id", broken("id: sweep", 'id: "{{how}}"'), `${FILE}:24:14 has a variable where none is filled in`],
  ])("%s", (_, text, expected) => {
    const said = flawsOf(text).join("\n");
    if (typeof expected === "string") expect(said).toContain(expected);
    else expect(said).toMatch(expected);
  });

  test("phases in a circle, and those behind it, are unreachable", () => {
    const circle = broken("  - id: look\n", "  - id: look\n    depends_on: [work]\n").concat(
      "  - {id: end, title: End, tasks: [{id: end, title: End, role: tester, scope: [x.md], brief: b, acceptance: [a]}]}\n",
    );
    expect(flawsOf(circle)).toEqual([
      expect.stringMatching(/:11:17 makes the phases wait in a circle: look after work after look$/),
      expect.stringMatching(/:22:5 makes the phases wait in a circle/),
      expect.stringMatching(/:39:5 is unreachable: the phase end waits for work, which never begins$/),
    ]);
  });

  test("everything at once", () => {
    const text = broken("role: tester", "role: testr")
      .replace("id: test\n", "id: see\n")
      .replace("depends_on: [sweep]", "depends_on: [swep]")
      .replace("team: dev-team", "team: no");
    expect(flawsOf(text)).toHaveLength(4);
  });
});

describe("[pipeline.text] variables", () => {
  test("nobody declared: line and column of the name, also inside a block", () => {
    expect(flawsOf(broken("{{ how }}", "{{ haw }}"))).toEqual([`${FILE}:19:22 names the unknown variable "haw", perhaps "how"`]);
    expect(flawsOf(broken('"{{scope}}"', '"{{scpe}}"'))[0]).toMatch(/^\S+:27:31 names the unknown variable "scpe", perhaps "scope"/);
  });

  test.each([
    ["a tag", "{% if how %}x{% endif %}", /:18:23 cannot be read: "has a tag/],
    ["a file", "{% include 'x' %}", /has a tag/],
    ["an unknown filter", "{{ how | shell }}", /:18:23 cannot be read: "undefined filter: shell/],
    ["an empty variable", "{{ }}", /:18:26 cannot be read: "invalid value/],
    ["a property that is none of a value's own", "{{ how.constructor }}", /cannot be filled in: "undefined variable/],
  ])("%s is refused", (_, bad, expected) => {
    expect(flawsOf(broken("{{goal}}", bad)).join("\n")).toMatch(expected);
  });
});

test("[pipeline.data] a value brings no YAML, no template and no further line", () => {
  const evil = '"]\n  - id: more\n{{how}} {% raw %} & *x';
  const [first] = planOf(SOUND, { goal: evil, much: 1 }).tasks;
  expect(first?.text.brief).toContain(`The goal is ${evil}.`);
  expect(tried(SOUND, { goal: "g", much: 1, scope: ["{{how}}"] }).plan?.tasks[1]?.spec.files).toContain("{{how}}");
  expect(tried(SOUND, { goal: "g", much: 1, scope: ["../up"] }).flaws.join()).toContain(
    '.yaml:27:28 has a wrong "phases.1.tasks.0.scope.1"',
  );
});

describe("[pipeline.types] what is given", () => {
  test("is read by the type of its variable, and a list takes its place in a list", () => {
    const [see, sweep] = planOf(SOUND, { goal: "g", much: "7", scope: "a/, b/", how: "fast" }).tasks;
    expect(see?.text.brief).toBe("The goal is g.\n  It is fast, 7 times over a/, b/.");
    expect(sweep?.spec.files).toEqual(["README.md", "a/", "b/", "CHANGELOG.md"]);
    expect(planOf(SOUND, { goal: "g", much: 7, scope: '["x, y"]' }).tasks[1]?.spec.files).toContain("x, y");
  });

  test.each([
    [{ goal: "g", much: "many" }, 'var much cannot be "many": it is a whole number'],
    [{ goal: "g", much: 1.5 }, "it is a whole number"],
    [{ goal: "g", much: 1, how: "soon" }, "it is one of fast, slow"],
    [{ much: 1 }, "var goal is missing"],
    [{ goal: "g", much: 1, scop: "x" }, "var scop is no variable of this pipeline, perhaps scope"],
  ])("%j is refused", (given, expected) => expect(tried(SOUND, given).flaws.join("\n")).toContain(expected));

  test("an override is typed by its field, is data, and wins", () => {
    const given = { goal: "g", much: 1 };
    const { tasks } = planOf(SOUND, given, {
      "work.sweep.scope": "a/,b/",
      "work.sweep.title": "{{how}}",
      "look.see.risk": "high",
      "work.test.depends_on": "[]",
    });
    expect(tasks[1]?.spec).toMatchObject({ files: ["a/", "b/"], title: "{{how}}" });
    expect(tasks[0]?.spec.risk).toBe("high");
    expect(tasks[2]?.spec.after).toEqual(["r1-see"]);
    expect(tried(SOUND, given, { "work.sweep.rsk": "high" }).flaws).toEqual([
      'set work.sweep.rsk is no field of this pipeline, perhaps "work.sweep.risk"',
    ]);
    expect(tried(SOUND, given, { "work.sweep.risk": "huge" }).flaws.join()).toContain("set work.sweep.risk does not fit");
    expect(tried(SOUND, given, { "work.sweep.id": "x" }).flaws.join()).toContain("is no field");
    expect(
      tried(SOUND, given, { "work.sweep.role": "poet", "work.test.scope": "lib/", "work.test.depends_on": "[]" }).flaws.join(),
    ).toContain('set work.sweep.role names "poet"');
  });
});

test("[docs.examples] the worked example of the page is a pipeline", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/pipelines.md"), "utf8");
  const [, text = ""] = /```yaml\n(id: new-command\n.*?)```/s.exec(page) ?? [];
  const { tasks } = planOf(source(text, "new-command"), { goal: "Users can export a list", name: "export" });
  expect(tasks.map(({ name, spec }) => [name, spec.after])).toEqual([
    ["build.command", []],
    ["tell.page", ["r1-command"]],
    ["tell.outside", ["r1-command"]],
  ]);
});
