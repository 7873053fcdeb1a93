/** Driver for the bench: from a claimed task to the first request at the model, by CLI, beside the CLI started bare with one prompt. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { harnessOf } from "../../src/harness/index.ts";
import { spawnGroup } from "../../src/proc/group.ts";
import { until } from "../support/until.ts";
import { finish } from "./namespace.ts";
import { swarmCli } from "./swarm-clis.ts";
import { swarmRig } from "./swarm-rig.ts";

const [rounds = "3", build = "", ...bins] = process.argv.slice(2);
const NAMES = ["claude", "codex", "opencode"] as const;
const WAITING = "tasks: {default: [{sleepMs: 60000}]}";
const variables = (url: string): Readonly<Record<string, string>> =>
  Object.assign({}, ...NAMES.map((name) => swarmCli(name).variables(url)));
const rig = await swarmRig({
  ...{ bins, build, playbook: WAITING, env: variables },
  files: (url) => ({
    ".skep/config.yaml": JSON.stringify({
      worktree: { root: path.join(process.cwd(), "worktrees"), setup: [] },
      checks: { commands: [] },
      harness: { adapters: Object.fromEntries(NAMES.map((name) => [name, { settings: swarmCli(name).settings(url) }])) },
    }),
  }),
});
const { model } = rig;
const env = { PATH: `${bins.join(":")}:${process.env.PATH}`, HOME: path.join(rig.place, "bare"), LANG: "C.UTF-8", ...variables(model.url) };
mkdirSync(env.HOME);

type Name = (typeof NAMES)[number];
const arrival = (from: number): Promise<number> => until(() => model.arrivals[from]?.at, { what: "a request", timeoutMs: 90_000 });

async function inSwarm(name: Name, round: number): Promise<number> {
  const before = model.arrivals.length;
  const running = rig.command("run", "--solo", "--harness", name, "--json", `Goal ${round} for ${name}`);
  const at = await arrival(before);
  const ids = await rig.project.swarms();
  const swarms = await Promise.all(ids.map((id) => rig.project.open(id)));
  const live = swarms.find(({ state }) => state.status === "running");
  if (!live) throw new Error("no swarm runs");
  const claim = (await rig.happened(live)).find(({ event }) => event.type === "task_claimed");
  await rig.command("stop", live.id);
  await running;
  if (!claim) throw new Error("nothing was claimed");
  return at - claim.at;
}

async function bare(name: Name): Promise<number> {
  const found = await harnessOf(name).detect(env);
  if (!found.found) throw new Error(found.why);
  const cwd = path.join(rig.place, "bare", "cwd");
  mkdirSync(cwd, { recursive: true });
  const before = model.arrivals.length;
  const from = systemClock.now();
  const program = await spawnGroup([found.path, ...ARGS[name]], { cwd, env: { ...env, ...extra(name) }, stdin: name === "opencode" });
  if (!program.started) throw new Error(program.problem);
  if (name === "opencode") {
    program.write("Say hello.\n");
    program.closeStdin();
  }
  const at = await arrival(before);
  await program.end(0);
  return at - from;
}

const ARGS: Readonly<Record<Name, readonly string[]>> = {
  claude: ["-p", "Say hello."],
  codex: ["exec", "--skip-git-repo-check", "Say hello."],
  opencode: ["run"],
};

/** The CLI's own settings, so that it finds the model. */
function extra(name: Name): Readonly<Record<string, string>> {
  const { config = {} } = swarmCli(name).settings(model.url) as { config?: Readonly<Record<string, unknown>> };
  if (name === "opencode")
    return { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), npm_config_registry: "http://127.0.0.1:1/", npm_config_fetch_retries: "0" };
  if (name !== "codex") return {};
  const home = path.join(rig.place, "bare", "codex");
  mkdirSync(home, { recursive: true });
  const { model: named, model_provider: provider, model_providers: all } = config as Record<string, Record<string, Record<string, string>>>;
  const fields = Object.entries(all?.scripted ?? {}).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(
    path.join(home, "config.toml"),
    [`model = ${JSON.stringify(named)}`, `model_provider = ${JSON.stringify(provider)}`, "[model_providers.scripted]", ...fields, ""].join(
      "\n",
    ),
  );
  return { CODEX_HOME: home };
}

const facts: Record<string, { ours: number[]; bare: number[] }> = {};
try {
  for (const name of NAMES) {
    const [ours, alone]: [number[], number[]] = [[], []];
    for (let round = 1; round <= Number(rounds); round += 1) {
      ours.push(await inSwarm(name, round));
      alone.push(await bare(name));
    }
    facts[name] = { ours, bare: alone };
  }
  finish(facts);
} catch (error) {
  process.stderr.write(await rig.story());
  throw error;
} finally {
  await rig.close();
}
