/** Every example as its page tells it: the commands of the page, on a copy, with a home of its own. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { endKept } from "../../src/engine/host/end.ts";
import { start } from "../cli/support/skep.ts";
import { builtMain } from "../support/build.ts";
import { tempDir } from "../support/temp.ts";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const PERSON = "[user]\n  name = Ada\n  email = ada@example.test\n[init]\n  defaultBranch = main\n";

/** Where the swarms of a test stand, so that no host outlives it. */
const places: string[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) {
    const homes = readdirSync(place).map((name) => path.join(place, name, ".git/skep"));
    for (const home of homes) if (existsSync(home)) await endKept(home, systemClock);
  }
});

const block = (page: string, language: string): string => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(page)?.[1] ?? "";

interface Walked {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** A file of the copy. */
  read(name: string): string;
}

/** In a clone with `skep` as a command, as the pages say. */
async function walk(page: string): Promise<Walked> {
  const ground = tempDir("example");
  places.push(ground);
  for (const folder of ["home", "bin", "clone"]) mkdirSync(path.join(ground, folder));
  symlinkSync(EXAMPLES, path.join(ground, "clone/examples"));
  writeFileSync(path.join(ground, "home/.gitconfig"), PERSON);
  const program = path.join(ground, "bin/skep");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${builtMain()}' "$@"\n`);
  chmodSync(program, 0o755);
  const script = path.join(ground, "commands.sh");
  writeFileSync(script, block(page, "sh"));
  const env = {
    HOME: path.join(ground, "home"),
    PATH: `${path.join(ground, "bin")}:${process.env.PATH}`,
    XDG_STATE_HOME: undefined,
    NO_COLOR: "1",
  };
  const ended = await start(["sh", "-eu", script], { cwd: path.join(ground, "clone"), env, input: "" }).ended;
  return { ...ended, read: (file) => readFileSync(path.join(ground, file), "utf8") };
}

/** What is there when the commands of the page have run. */
const SHOWS: Readonly<Record<string, (walked: Walked) => void>> = {
  hello({ read, stdout }) {
    expect(read("hello/src/greet.js")).toContain('fr: "Bonjour"');
    expect(read("hello/README.md")).toContain('greet("Ada", "de"); // Hallo, Ada!');
    expect(stdout).toMatch(/\bpass 3$/m);
  },
  pipeline({ read }) {
    expect(read("pages/glossary.fr.txt")).toBe("hive = ruche\nbee = abeille\n");
    expect(read("pages/pages/start.fr.md")).toContain("abeille");
  },
  rules({ read, stdout }) {
    expect(read("tick/src/tick.js")).toContain("(then, now) =>");
    expect(stdout).toMatch(/^src\/tick\.js:6: .*\(rule clock\)/m);
  },
  "mcp-client"({ read }) {
    expect(read("tea/menu.txt")).toBe("tea: black\n");
  },
  "two-providers"({ stdout }) {
    expect(stdout).toMatch(/config +valid; team duet with 4 agents/);
    for (const cli of ["claude", "codex"]) expect(stdout).toMatch(new RegExp(`^. ${cli} .*used by queen, reviewer, developer`, "m"));
  },
};

test("[docs.examples.run] every example is walked here", () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  expect(folders.sort()).toEqual(Object.keys(SHOWS).sort());
  for (const name of folders) expect(readFileSync(path.join(EXAMPLES, "README.md"), "utf8")).toContain(`(${name}/README.md)`);
});

test.each(Object.keys(SHOWS))("[docs.examples.run] %s: the commands of its page run as they stand, and say what it shows", async (name) => {
  const page = readFileSync(path.join(EXAMPLES, name, "README.md"), "utf8");
  const walked = await walk(page);
  expect(walked.code, `${walked.stdout}\n${walked.stderr}`).toBe(0);
  if (page.includes("Among what it says:"))
    for (const line of block(page, "text").trimEnd().split("\n")) expect(walked.stdout.split("\n")).toContain(line);
  SHOWS[name]?.(walked);
});
