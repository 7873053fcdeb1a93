/**
 * Driver: a worker on the real Claude is handed to a person and comes back. The person is Claude itself, started without a
 * screen by the very command skep prints; what it does in the session is what the worker goes on from.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { systemClock } from "../../src/base/clock.ts";
import { endKept } from "../../src/engine/host/end.ts";
import { run } from "../../src/proc/run.ts";
import { startModelServer } from "../model/server.ts";
import { makeRepo } from "../support/repo.ts";
import { until } from "../support/until.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";

requireLoopbackOnly();
const [bin = "", build = ""] = process.argv.slice(2);
const [home, worktrees, skep] = ["home", "worktrees", "skep"].map((name) => path.join(process.cwd(), name)) as [string, string, string];
mkdirSync(home);
// As installed: the build, the roles and the teams beside it.
for (const part of ["dist", "roles", "rules", "templates", "package.json"])
  cpSync(path.join(build, part), path.join(skep, part), { recursive: true });

const KEY = "made-up-key-0815";
const PLAYBOOK = `
tasks:
  default:
    default:
      - run: [env]
      - edit: mine.txt
        content: "by the agent\\n"
      - run: [sleep, "4"]
      - say: half of it is done
      - wait: turn
      - call: task_submit
        with: { attempt: "\${attempt}", summary: a file, evidence: { each: criteria, give: "mine.txt:1" } }
reviews:
  default:
    default:
      - call: diff_get
        with: { task: "\${task}" }
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: { each: criteria, give: { n: "\${n}", met: "yes", evidence: "mine.txt:1" } }
          findings: []
`;
const model = await startModelServer(parsePlaybook(PLAYBOOK, "attach.yaml"));
const env = {
  ...{ PATH: `${bin}:${process.env.PATH}`, HOME: home, LANG: "C.UTF-8" },
  ...{ ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: KEY, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
};
const repo = makeRepo();
repo.commit({
  ".skep/config.yaml": `
worktree: {root: ${JSON.stringify(worktrees)}, setup: []}
checks: {commands: []}
harness:
  default: claude
  adapters: {claude: {preset: guarded, commands: [[env], [sleep]]}}
`,
});
const command = (...args: string[]) =>
  run([process.execPath, path.join(skep, "dist/main.mjs"), ...args], { cwd: repo.root, env, timeoutMs: 200_000 });
const state = path.join(repo.commonDir, "skep");

async function drive(): Promise<Record<string, unknown>> {
  const doctor = await command("doctor", "--json");
  const running = command("run", "--solo", "Write a file");
  await until(async () => (await command("logs", "dev-0")).stdout.includes("calls Bash"), {
    timeoutMs: 60_000,
    what: "the worker is at it",
  });
  const handed = await command("attach", "dev-0", "--json");
  const order = JSON.parse(handed.stdout) as { argv: [string, ...string[]]; env: Record<string, string>; cwd: string };
  const [program, ...args] = order.argv;
  const person = await run([program, "-p", ...args, "It is me."], { cwd: order.cwd, env: { ...env, ...order.env }, timeoutMs: 60_000 });
  const back = await command("attach", "dev-0", "--back");
  const end = await running;
  const events = JSON.parse((await command("logs", "--json")).stdout) as {
    events: { type: string; run?: number; cli?: string; session?: string }[];
  };
  const logs = await command("logs", "--session", "x1");
  const texts = readdirSync(path.join(state, "swarms"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
  return {
    doctor: (JSON.parse(doctor.stdout) as { looks: { what: string; mark: string }[] }).looks.find(({ what }) => what === "claude"),
    handed: { code: handed.code, argv: args },
    person: { code: person.code, problem: person.stderr.slice(-500) },
    back: back.code,
    run: { code: end.code, out: end.output.slice(-2_000) },
    started: events.events
      .filter(({ type, session }) => type === "session_started" && session === "x1")
      .map(({ run: n, cli }) => ({ run: n, cli })),
    // What the resumed worker sent holds the person's words.
    remembered: model.raw.filter((one) => one.includes("It is me.") && one.includes("A person worked in this session")).length,
    logs: logs.stdout,
    leaks: texts.filter((name) => readFileSync(path.join(state, "swarms", name), "latin1").includes(KEY)),
    faults: model.faults,
  };
}

try {
  finish(await drive());
} finally {
  await endKept(state, systemClock);
  await model.close();
}
