/** Telling a person of gates where they are: by real programs and a real server on loopback. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { Secrets } from "../../src/base/redact.ts";
import { notify as look } from "../../src/cli/doctor/notify.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { readTold, toldRecord } from "../../src/engine/notify/told.ts";
import { NoticeWatch } from "../../src/engine/notify/watch.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { notifyOf } from "../../src/engine/user-config.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { projectAt, quiet, repository } from "./support/repository.ts";

const ONE = `id: one
title: One
about: One step.
team: solo
phases:
  - {id: one, title: One, tasks: [{id: first, title: Begin, scope: [a.ts], brief: "{{goal}}", acceptance: [begun]}]}
`;
const GOAL = "make <a href=x>it</a> & use sk-ant-api03-abcdefgh12345678";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A swarm whose plan waits for its person at gate g1. */
async function waiting(): Promise<{ project: StoredProject; swarm: LiveSwarm }> {
  const root = repository({
    "a.ts": "",
    ".skep/config.yaml": "automation: 2\n",
    ".skep/templates/pipelines/one.yaml": ONE,
  });
  const project = await projectAt(root);
  const pipeline = { name: "one", vars: { goal: GOAL }, set: {} };
  const { handle } = await project.create({ goal: "", team: null, flags: { "harness.default": "scripted" }, pipeline });
  return { project, swarm: await project.open(handle.id) };
}

/** A home with a config, and a program `tell` on the PATH that writes down each call; it ends with `code`. */
function home(notify: string, code = 0) {
  const [HOME, bin] = [tempDir("home"), tempDir("bin")];
  const calls = path.join(HOME, "calls");
  mkdirSync(path.join(HOME, ".config/skep"), { recursive: true });
  writeFileSync(path.join(HOME, ".config/skep/config.yaml"), `notify: ${notify}\n`);
  program(
    bin,
    `require("node:fs").appendFileSync(${JSON.stringify(calls)}, JSON.stringify({argv: process.argv.slice(2), input: require("node:fs").readFileSync(0, "utf8"), token: process.env.GH_TOKEN}) + "\\n"); console.error("no bus"); process.exit(${code})`,
  );
  const env = { HOME, PATH: `${bin}:/usr/bin:/bin`, GH_TOKEN: "made-up-token" };
  return {
    env,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as { argv: string[]; input: string; token?: string })
        : [],
  };
}

function program(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "tell"), `#!${process.execPath}\n${text}\n`);
  chmodSync(path.join(folder, "tell"), 0o755);
}

/** As one host begins, tells and ends. */
async function told(
  { project, swarm }: { project: StoredProject; swarm: LiveSwarm },
  env: Readonly<Record<string, string>>,
  signal = new AbortController().signal,
) {
  const record = toldRecord(project.home, swarm.id);
  const { redact } = new Secrets();
  const watch = new NoticeWatch({
    ...{ swarm, env, signal, record, redact, clock: systemClock, logger: quiet, root: project.root, retryMs: 1, timeoutMs: 5_000 },
    notify: () => notifyOf(env),
  });
  watch.start();
  await watch.stop();
  return readTold(record);
}

async function server(answers: readonly (number | null)[]) {
  const bodies: string[] = [];
  const one = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const status = answers[Math.min(bodies.length, answers.length - 1)];
      bodies.push(`${request.method} ${request.url} ${body}`);
      if (status !== null && status !== undefined) response.writeHead(status, { location: "/elsewhere" }).end("x");
    });
  });
  servers.push(one);
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  return { at, bodies, yaml: `{url: "${at}/hook-secret", origins: ["${at}"]}` };
}

test("[notify.command] a gate is told once, over any number of hosts, by a program that gets words and facts and no secret", async () => {
  const at = await waiting();
  const { env, calls } = home("{command: [tell, --urgent]}");
  program(
    path.join(at.project.root, "node_modules/.bin"),
    'require("node:fs").writeFileSync("/dev/stderr", "of the repository"); process.exit(7)',
  );
  const within = { ...env, PATH: `${at.project.root}/node_modules/.bin:node_modules/.bin:${env.PATH}` };
  expect(await told(at, within)).toEqual({ told: ["gate:g1"], failed: [] });
  expect(await told(at, within)).toEqual({ told: ["gate:g1"], failed: [] });
  const [call, ...more] = calls();
  expect(more).toEqual([]);
  const [option, headline, text] = call?.argv ?? [];
  expect([option, headline]).toEqual(["--urgent", "skep asks you: plan gate g1"]);
  expect(text).toMatch(
    new RegExp(`^${at.swarm.id} g1: Let the plan of the pipeline one begin\\? \\(make ‹a href=x›it‹/a› \\+ use \\[redacted\\]\\)$`),
  );
  expect(call?.token).toBeUndefined();
  expect(JSON.parse(call?.input ?? "")).toMatchObject({
    ...{ event: "gate", swarm: at.swarm.id, gate: "g1", kind: "plan", options: ["approve", "stop"] },
    question: "Let the plan of the pipeline one begin?",
    title: "make <a href=x>it</a> & use [redacted]",
    next: `skep answer g1 --swarm ${at.swarm.id}`,
  });
});

test("[notify.lost] what cannot be told is tried once more, then noted, logged, shown by doctor and left", async () => {
  const at = await waiting();
  const { env, calls } = home("{command: [tell]}", 3);
  const { failed } = await told(at, env);
  expect(calls()).toHaveLength(2);
  expect(failed).toMatchObject([{ key: "gate:g1", why: "tell ended with 3: no bus" }]);
  await told(at, env);
  expect(calls()).toHaveLength(2);
  const project = { root: at.project.root, commonDir: path.dirname(at.project.home) };
  expect(await look({ env, project } as never)).toMatchObject([
    { what: "notify", mark: "warn", found: expect.stringContaining(`the last of ${at.swarm.id}`), fix: "skep notify, to try it" },
  ]);
  expect(await look({ env: { HOME: tempDir("home") }, project } as never)).toMatchObject([
    { mark: "ok", found: expect.stringMatching(/^off;/) },
  ]);
});

test("[notify.url] it is posted to an address on the list, tried again when that fails, and a redirect is not followed", async () => {
  const [once, good, moved] = [await server([500, 200]), await waiting(), await server([302])];
  expect(await told(good, home(once.yaml).env)).toEqual({ told: ["gate:g1"], failed: [] });
  expect(once.bodies).toHaveLength(2);
  expect(once.bodies[1]).toMatch(/^POST \/hook-secret \{"event":"gate",/);
  const { failed } = await told(await waiting(), home(moved.yaml).env);
  expect(moved.bodies.every((body) => body.startsWith("POST /hook-secret "))).toBe(true);
  expect(failed).toMatchObject([{ why: `${moved.at} answered 302, and what redirects is not followed` }]);
  expect(JSON.stringify(failed)).not.toContain("hook-secret");
});

test("[notify.once] a host that ends while it tells notes nothing: the next one tells it", async () => {
  const at = await waiting();
  const silent = await server([null, 200]);
  const { env } = home(silent.yaml);
  const ending = new AbortController();
  const telling = told(at, env, ending.signal);
  await until(() => silent.bodies.length > 0);
  ending.abort();
  expect(await telling).toEqual({ told: [], failed: [] });
  expect(await told(at, env)).toEqual({ told: ["gate:g1"], failed: [] });
});

test("[notify.off] nothing is told without a config of the user's own, of what it leaves out, or of a gate that is answered", async () => {
  const at = await waiting();
  expect(await told(at, { HOME: tempDir("home") })).toEqual({ told: [], failed: [] });
  const { env, calls } = home("{command: [tell], on: [end]}");
  expect(await told(at, env)).toEqual({ told: [], failed: [] });
  await at.swarm.submit({ type: "answer_gate", gate: "g1" as never, answer: "stop" }, { kind: "operator" });
  // A swarm that its person stopped has no news for them.
  expect(await told(at, home("{command: [tell], on: [gate, end]}").env)).toEqual({ told: [], failed: [] });
  expect(calls()).toEqual([]);
});
