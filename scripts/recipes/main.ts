/**
 * Plays the recipes of the docs and writes what they print into their pages: `npm run recipes`, or `-- swarm` for one. Everything is
 * real but the agents, which are scripted. Ids and times differ from run to run, so a page is written anew only on purpose.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { playClient } from "./client.ts";
import { Stage } from "./stage.ts";

const PAGES = path.resolve(import.meta.dirname, "../../docs/recipes");
const GOAL = '"Orders can be exported as CSV and as JSON"';
const KILL = "kill -9 $(node -p 'JSON.parse(fs.readFileSync(\".git/skep/host/holder.json\")).holder.pid')";

/** A typed line, with the exit code it must have where that is not 0. */
type Line = string | readonly [line: string, exit: number];
interface Scene {
  /** Settings in place of the scripted agents'. */
  readonly config?: string;
  /** Page and part of it → what is typed there, one part after the other in one place. */
  readonly parts: Readonly<Record<string, readonly Line[] | ((stage: Stage) => Promise<string>)>>;
}

const SCENES: Readonly<Record<string, Scene>> = {
  demo: { parts: { "first-swarm demo": ["skep demo"] } },
  pipeline: {
    parts: {
      "pipeline file": ["cat .skep/templates/pipelines/add-test.yaml"],
      "pipeline preview": ['skep pipeline preview add-test "No orders cost nothing"'],
      "pipeline start": ['skep pipeline start add-test "No orders cost nothing"'],
      "pipeline land": ["skep land", "git show --stat --format=%s HEAD"],
    },
  },
  client: { parts: { "answer-a-gate client": playClient } },
  swarm: {
    parts: {
      "crash begin": [[`skep run ${GOAL}`, 3]],
      "crash kill": [KILL, ["skep status", 3]],
      "crash go-on": ["skep answer g1 semicolon", "skep watch"],
      "read-a-report report": ["skep report"],
      "undo undo": ['skep undo json --why "Nobody reads it"', "skep status"],
      "undo land": ["skep land", "git log --oneline", "ls src"],
    },
  },
  providers: { config: "providers.yaml", parts: { "two-providers doctor": ["cat .skep/config.yaml", ["skep doctor", 1]] } },
};

async function play({ config, parts }: Scene): Promise<ReadonlyMap<string, string>> {
  const stage = new Stage();
  const shown = new Map<string, string>();
  try {
    await stage.furnish(config);
    for (const [place, act] of Object.entries(parts)) shown.set(place, await (typeof act === "function" ? act(stage) : typed(stage, act)));
    return shown;
  } finally {
    await stage.strike();
  }
}

async function typed(stage: Stage, lines: readonly Line[]): Promise<string> {
  const printed: string[] = [];
  for (const one of lines) {
    const [line, wanted] = typeof one === "string" ? [one, 0] : one;
    const { output, exit } = await stage.run(line);
    if (exit !== wanted) throw new Error(`${line} ended with ${exit}, not ${wanted}:\n${output}`);
    printed.push([`$ ${line}`, ...(output ? [output] : []), ...(exit === 0 ? [] : [`(exit code ${exit})`])].join("\n"));
  }
  return printed.join("\n\n");
}

/** Puts a part into the block behind its mark, `<!-- played: PART -->`. */
function show(place: string, text: string): void {
  const [page = "", part = ""] = place.split(" ");
  const file = path.join(PAGES, `${page}.md`);
  const before = readFileSync(file, "utf8");
  const block = new RegExp(`(<!-- played: ${part} -->\n\`\`\`\\w+\n).*?(\n\`\`\`\n)`, "s");
  if (!block.test(before)) throw new Error(`docs/recipes/${page}.md has no block behind <!-- played: ${part} -->`);
  writeFileSync(
    file,
    before.replace(block, (_, head: string, foot: string) => `${head}${text}${foot}`),
  );
}

/** `--check` plays without writing: it fails when a line does not end as it should. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((one) => one !== "--check");
  for (const name of names.length > 0 ? names : Object.keys(SCENES)) {
    const scene = SCENES[name];
    if (!scene) throw new Error(`there is no recipe ${name}; there are: ${Object.keys(SCENES).join(", ")}`);
    for (const [place, text] of await play(scene)) if (!args.includes("--check")) show(place, text);
    process.stdout.write(`${name} played\n`);
  }
}

await main(process.argv.slice(2));
