import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { errorsTable } from "../scripts/generated/errors.ts";
import { reasonsTable } from "../scripts/generated/reasons.ts";
import { SIDEBAR } from "../site/.vitepress/sidebar.ts";
import { slug } from "../site/.vitepress/slug.ts";
import { parsePlaybook } from "../src/agent/playbook.ts";
import { loadCatalog } from "../src/catalog/catalog.ts";
import { selfTest } from "../src/catalog/self-test.ts";
import { shippedFiles } from "../src/catalog/shipped.ts";
import { COMMANDS } from "../src/cli/index.ts";
import type { Run } from "../src/cli/shell/command.ts";
import { configFields, userFields } from "../src/config/fields.ts";
import { resolveConfig } from "../src/config/load.ts";
import { TASK_RULES } from "../src/domain/task-rules.ts";
import { REASONS } from "../src/domain/why-codes.ts";
import { harnessOf } from "../src/harness/index.ts";
import { TOOLS } from "../src/tools/index.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const DOCS = readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
const EXAMPLE_PAGES = readdirSync(path.join(ROOT, "examples"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith("README.md"),
);
const PAGES = [
  "README.md",
  "AGENTS.md",
  "CHANGELOG.md",
  ...DOCS.map((name) => `docs/${name}`),
  ...EXAMPLE_PAGES.map((name) => `examples/${name}`),
];

/** Code spans and code blocks: what a reader copies. Of a session at a terminal that is what was typed. */
function codeIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(([, language, block = ""]) =>
    language === "console" ? [...block.matchAll(/^\$ (.*)$/gm)].map(([, line]) => line).join("\n") : block,
  );
  const spans = [...text.replace(/^```.*?^```/gms, "").matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
  return [...blocks, ...spans];
}

const headings = (text: string): readonly string[] =>
  [...text.replace(/^```.*?^```/gms, "").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => slug(title));

function brokenLinks(page: string): readonly string[] {
  return [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(ROOT, target))) return [`${page}: ${link} does not exist`];
    return anchor !== undefined && !headings(read(target)).includes(anchor) ? [`${page}: ${link} names no heading`] : [];
  });
}

/** Parts of this repository that a page may name by path. */
const OWN_PATH = /(?<![\w./<-])(?:src|docs|roles|rules|templates|test|scripts|bench)\/[\w./-]*\w/g;
/** Files of other repositories in examples, and of the demo's. */
const EXAMPLES = /^(src\/(util|core|auth|a\.js|cart|parse|dates)|docs\/a|test\/(\w+\.test\.[jt]s|a\.ts))/;

const unknownPaths = (page: string): readonly string[] =>
  codeIn(read(page).replace(/<!-- generated:errors -->.*?<!-- \/generated:errors -->/s, ""))
    .filter((code) => !code.includes("\n"))
    .flatMap((code) => (code.includes("*") ? [] : (code.match(OWN_PATH) ?? [])))
    .filter((name) => !EXAMPLES.test(name) && !existsSync(path.join(ROOT, name)))
    .map((name) => `${page}: ${name} does not exist`);

test.each(PAGES)("[docs.links] every link and every path named in %s leads somewhere", (page) => {
  expect([...brokenLinks(page), ...unknownPaths(page)]).toEqual([]);
});

test("[docs.site] every page but the first is in the sidebar, once", () => {
  const shown = SIDEBAR.flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`));
  expect([...shown].sort()).toEqual(DOCS.filter((name) => name !== "README.md").sort());
});

test("[docs.site] the anchors of the site are those of GitHub", () => {
  expect(slug("`.skep/config.yaml`, and why: it's 2 × faster")).toBe("skepconfigyaml-and-why-its-2--faster");
});

test("[why.docs] docs/stuck.md has every reason with what it means and on whom it waits", () => {
  const page = read("docs/stuck.md");
  for (const name of Object.keys(REASONS)) expect(page).toContain(`| \`${name}\` |`);
  expect(page).toContain(reasonsTable());
});

const visible = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name);
const named = (pattern: RegExp): readonly string[] =>
  PAGES.flatMap((page) => codeIn(read(page)).flatMap((code) => [...code.matchAll(pattern)].map(([, name = ""]) => name)));

test("[docs.commands] every command a page tells to type exists, and every command is in the README", () => {
  const typed = named(/(?:^|[\s;])(?:npx )?skep ([a-z][a-z-]*)\b/gm);
  expect(typed.length).toBeGreaterThan(visible.length);
  expect(typed.filter((name) => !visible.includes(name))).toEqual([]);
  for (const name of visible) expect(read("README.md")).toContain(`\`skep ${name}\``);
});

test("[docs.commands] every npm script a page tells to run exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const run = named(/\bnpm (?:run )?(test|(?<=run )[a-z:]+)\b/g).filter((name) => name !== "lint");
  expect(run.length).toBeGreaterThan(3);
  expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test("[docs.fresh-clone] the lock file holds the optional packages of every platform, so that npm ci takes it", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, { optionalDependencies?: object }> };
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((name) => !Object.keys(packages).some((place) => place.endsWith(`node_modules/${name}`)))).toEqual([]);
});

/** Words that look like a tool and are a job, an argument or a gate. */
const NO_TOOLS: ReadonlySet<string> = new Set(["plan_review", "plan_hash"]);

test("[docs.names] every tool a page names exists", () => {
  const tools = TOOLS.map((tool) => tool.name);
  const subjects = new Set(tools.map((name) => name.split("_")[0]));
  // Events have the same subjects and are named for what happened.
  const calls = named(/^([a-z]+(?:_[a-z]+)+)$/g).filter((name) => subjects.has(name.split("_")[0]) && !/(ed|en)$/.test(name));
  expect(calls.length).toBeGreaterThan(tools.length);
  expect(calls.filter((name) => !tools.includes(name) && !NO_TOOLS.has(name))).toEqual([]);
});

test("[docs.names] every error code a page names exists", () => {
  const errors = errorsTable(ROOT);
  const codes = named(/^([A-Z]+(?:_[A-Z]+)+)$/g).filter(
    (name) => !/^(SKEP|CLAUDE|ANTHROPIC|CODEX|OPENAI|GEMINI|MINE|XDG|SSH|DBUS|GH|GITHUB|GPG)_/.test(name),
  );
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !errors.includes(`\`${code}\``))).toEqual([]);
});

test("[docs.names] every setting a page names exists", () => {
  const fields = configFields().map(({ path: name }) => name);
  const settings = named(/^((?:worktree|checks|rules|limits|budgets|harness|land)\.[\w.]+)(?::.*)?$/g);
  expect(settings.length).toBeGreaterThan(fields.length);
  const isKnown = (name: string): boolean =>
    fields.some(
      (field) => field === name || field.startsWith(`${name}.`) || (/\.(adapters|roles)$/.test(field) && name.startsWith(`${field}.`)),
    );
  expect(settings.filter((name) => !isKnown(name))).toEqual([]);
});

describe("[docs.reference] the pages have all of it", () => {
  const sections = (page: string): ReadonlyMap<string, string> =>
    new Map(
      read(page)
        .split(/^## /m)
        .slice(1)
        .map((text) => [text.slice(0, text.indexOf("\n")), text]),
    );
  const [operators, agents] = [sections("docs/tools-operator.md"), sections("docs/tools-agents.md")];

  test.each(TOOLS.map((tool) => [tool.name, tool] as const))("%s", (name, { audience, input }) => {
    const pages = [audience.includes("operator") ? operators : null, audience.some((one) => one !== "operator") ? agents : null];
    for (const page of pages.filter((one) => one !== null)) {
      const section = page.get(name) ?? "";
      for (const field of Object.keys(input.shape))
        if (field !== "swarm" || page === operators) expect(section).toContain(`| \`${field}\` |`);
      const call = JSON.parse(/^```json\n(.*?)^```/ms.exec(section)?.[1] ?? "") as { name: string; arguments: unknown };
      expect(call.name).toBe(name);
      input.parse(call.arguments);
    }
  });

  test("commands, with every option", async () => {
    const commands = sections("docs/commands.md");
    for (const { name, load } of COMMANDS.filter(({ hidden }) => !hidden)) {
      const { run } = (await load()) as { run: Partial<Run> };
      for (const [flags] of run.options ?? []) expect(commands.get(`skep ${name}`)).toContain(`\`${flags}\``);
    }
  });

  test("settings, those of a person included", () => {
    const page = read("docs/configuration.md");
    for (const { path: name } of [...configFields(), ...userFields()]) expect(page).toContain(`| \`${name}\` |`);
  });
});

describe("[docs.complete] the concepts name every state", () => {
  const concepts = read("docs/concepts.md");
  const union = (name: string, file: string): readonly string[] =>
    [...(new RegExp(`export type ${name} =([^;]+);`).exec(read(file))?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, word = ""]) => word);

  test.each([
    ["GateKind", "src/domain/gate-kind.ts"],
    ["SwarmStatus", "src/domain/model.ts"],
    ["TaskStatus", "src/domain/task.ts"],
    ["AttemptResult", "src/domain/task.ts"],
  ])("%s", (name, file) => {
    const words = union(name, file).filter((word) => word !== "none");
    expect(words.length).toBeGreaterThan(5);
    expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(concepts))).toEqual([]);
  });

  test("gates in their page, with the answers the code takes", () => {
    const gates = read("docs/gates.md");
    for (const kind of union("GateKind", "src/domain/gate-kind.ts")) expect(gates).toMatch(new RegExp(`^\\| \`${kind}\``, "m"));
    const sources = readdirSync(path.join(ROOT, "src/domain"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => read(`src/domain/${name}`));
    const options = sources.flatMap((text) => [...text.matchAll(/options: \[("[^\]]+)\]/g)].flatMap(([, list = ""]) => list.split(/,\s*/)));
    expect(options.length).toBeGreaterThan(10);
    for (const option of options) expect(gates).toContain(`\`${JSON.parse(option)}\``);
  });

  test("the rules of tasks lead nowhere the concepts do not know", () => {
    for (const { to } of Object.values(TASK_RULES)) for (const status of to) expect(concepts).toContain(status);
  });
});

describe("[docs.examples] the examples of files are accepted as they stand", () => {
  const example = (name: string): string => {
    const found = new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n(.*?)^\`\`\``, "ms").exec(read("docs/file-formats.md"))?.[1];
    if (!found) throw new Error(`docs/file-formats.md has no example ${name}`);
    return found;
  };

  test("config", () => {
    expect(resolveConfig({ text: example("config") }).limits.workers).toBe(3);
  });

  const everywhere = PAGES.flatMap((page) =>
    [...read(page).matchAll(/<!-- example: config -->\n```\w+\n(.*?)^```/gms)].map(([, text = ""], index) => ({ page, index, text })),
  );
  test.each(everywhere)("config, $page $index, with settings its harnesses take", ({ text }) => {
    const { adapters, roles, default: usual } = resolveConfig({ text }).harness;
    for (const [id, { settings }] of Object.entries(adapters)) harnessOf(id).passesFor?.(settings ?? {});
    for (const { harness = usual, settings } of Object.values(roles)) {
      if (settings) harnessOf(harness).passesFor?.({ ...adapters[harness]?.settings, ...settings });
    }
  });

  test("rule", () => {
    const text = /<!-- example: rule -->\n```\w+\n(.*?)^```/ms.exec(read("docs/rules.md"))?.[1] ?? "";
    const catalog = loadCatalog({ shipped: shippedFiles(), project: [{ path: ".skep/rules/house.md", text }] });
    expect(catalog.rules.get("house")?.bullets).toHaveLength(2);
    expect(selfTest(catalog)).toEqual([]);
  });

  test("role and team", () => {
    const project = [
      { path: ".skep/roles/tester.md", text: example("role") },
      { path: ".skep/templates/teams/pair.yaml", text: example("team") },
    ];
    const { roles, teams } = loadCatalog({ shipped: shippedFiles(), project });
    expect([roles.get("tester")?.checks[0]?.name, teams.get("pair")?.seats.length]).toEqual(["lint", 3]);
  });

  test("playbook", () => {
    const { queen, tasks } = parsePlaybook(example("playbook"), "docs/file-formats.md");
    expect([queen?.length, Object.keys(tasks.t1 ?? {})]).toEqual([2, ["1", "default"]]);
  });
});
