/** One host per project, kept alive on one port: through real processes. */
import { readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { keep } from "../../src/engine/host/keeper.ts";
import { hostPlaces } from "../../src/engine/host/places.ts";
import { chosenPort, keeperRecord, operatorToken, readHolder } from "../../src/engine/host/records.ts";
import { askSign } from "../../src/engine/host/socket.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { isAlive, isSame } from "../../src/proc/identity.ts";
import { until } from "../support/until.ts";
import { bundledMain, endAll, startMain } from "./support/process.ts";
import { projectAt, repository } from "./support/repository.ts";

beforeAll(bundledMain);

/** Homes whose keepers and hosts this test may have left in the background. */
const homes: string[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await endAll();
  for (const home of homes.splice(0)) await endBackground(home);
  for (const server of servers.splice(0)) server.close();
});

async function endBackground(home: string): Promise<void> {
  const places = hostPlaces(home);
  const { keeper } = (await keeperRecord(places).read()) ?? {};
  if (keeper && isSame(keeper.pid, keeper.start)) process.kill(keeper.pid, "SIGKILL");
  const holder = await readHolder(places);
  if (holder && isAlive(holder) === "yes") process.kill(holder.pid, "SIGKILL");
  await until(() => !keeper || !isSame(keeper.pid, keeper.start));
  await until(() => !holder || isAlive(holder) === "no");
}

interface Site {
  readonly root: string;
  readonly project: StoredProject;
  readonly places: ReturnType<typeof hostPlaces>;
}

async function site(flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Site> {
  const root = repository();
  const program = [process.execPath, await bundledMain(), ...flags] as const;
  const project = await projectAt(root, { program, startHost: true, staleMs: 1_500, env: { ...process.env, ...env } });
  homes.push(project.home);
  return { root, project, places: hostPlaces(project.home) };
}

const serveAt = (root: string, ...flags: readonly string[]) => startMain(["serve", `--project=${root}`, ...flags]);
const holderOf = async (places: Site["places"]) => (await readHolder(places)) ?? Promise.reject(new Error("no host"));
const elapsed = async (work: () => Promise<unknown>): Promise<number> => {
  const before = systemClock.monotonic();
  await work();
  return systemClock.monotonic() - before;
};

describe("a kept host", () => {
  test("[host.start] the first call that needs a host starts one, alone in its own session and without the caller's variables", async () => {
    const { project, places } = await site([], {
      CLAUDECODE: "1",
      CODEX_SANDBOX: "seatbelt",
      SKEP_SESSION: "x1",
      CODEX_HOME: "/tmp/codex",
    });
    expect(await project.wantHost()).toBe(true);
    const holder = await holderOf(places);
    expect(holder.pid).not.toBe(process.pid);
    const environ = readFileSync(`/proc/${holder.pid}/environ`, "utf8").split("\0");
    expect(environ.filter((one) => /^(CLAUDECODE|CODEX_SANDBOX|SKEP_SESSION)=/.test(one))).toEqual([]);
    expect(environ).toContain("CODEX_HOME=/tmp/codex");
    for (const file of [places.token, places.holder, places.port(1), places.log]) expect(statSync(file).mode & 0o077).toBe(0);
  });

  test("[host.stampede] many calls at once start one keeper and one host", async () => {
    const { root, project, places } = await site();
    const program = [process.execPath, await bundledMain()] as const;
    const others = await Promise.all(
      Array.from({ length: 7 }, () => projectAt(root, { program, startHost: true, env: process.env as Record<string, string> })),
    );
    expect(await Promise.all([project, ...others].map((one) => one.wantHost()))).toEqual(Array(8).fill(true));
    expect(readFileSync(places.log, "utf8")).toMatch(/^ready \d+\n$/);
  });

  test("[host.restart] a killed host is back on the same port within two seconds", async () => {
    const { project, places } = await site();
    await project.wantHost();
    const first = await holderOf(places);
    const port = chosenPort(places);
    process.kill(first.pid, "SIGKILL");
    const ms = await elapsed(() => until(async () => (await holderOf(places)).id !== first.id && (await project.wantHost(50))));
    expect(ms).toBeLessThan(2_000);
    expect(chosenPort(places)).toEqual(port);
    expect((await keeperRecord(places).read())?.failures).toMatchObject([{ why: expect.stringContaining("SIGKILL") }]);
  });

  test("[host.stopped] a host that is stopped is ended and replaced after the waiting time by the next call", async () => {
    const { project, places } = await site();
    await project.wantHost();
    const first = await holderOf(places);
    process.kill(first.pid, "SIGSTOP");
    const ms = await elapsed(async () => expect(await project.wantHost()).toBe(true));
    expect(ms).toBeGreaterThanOrEqual(1_500);
    expect(isAlive(first)).toBe("no");
    expect((await holderOf(places)).id).not.toBe(first.id);
  });

  test("[host.clean-end] a host nobody needs ends, and its keeper with it", async () => {
    const { project, places } = await site(["--idle=200"]);
    await project.wantHost();
    const { keeper } = (await keeperRecord(places).read()) ?? {};
    const first = await holderOf(places);
    await until(() => isAlive(first) === "no");
    await until(() => keeper && !isSame(keeper.pid, keeper.start));
    expect(await keeperRecord(places).read()).toEqual({ keeper: null, failures: [] });
    expect(readFileSync(places.log, "utf8")).toMatch(/served idle\n$/);
    expect(await readHolder(places)).toBeNull();
  });
});

describe("hosts at one project", () => {
  test("[host.one] of eight hosts started at once one serves and seven end cleanly", async () => {
    const { root, places } = await site();
    const started = await Promise.all(Array.from({ length: 8 }, () => serveAt(root)));
    const first = await until(() => started.find((one) => one.lines.some((line) => line.startsWith("ready"))));
    const others = started.filter((one) => one !== first);
    expect(await Promise.all(others.map((one) => one.ended))).toEqual(Array(7).fill(0));
    expect(others.map((one) => one.lines)).toEqual(Array(7).fill(["served already"]));
    expect((await holderOf(places)).pid).toBe(first.pid);
  });

  test("[host.stranger] a program that took the port makes the project choose another one, once", async () => {
    const { root, places } = await site();
    const first = await serveAt(root);
    await first.says("ready");
    const port = chosenPort(places);
    first.child.kill("SIGKILL");
    await first.ended;
    const stranger = createServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"));
    servers.push(stranger);
    await new Promise<void>((resolve) => stranger.listen(port?.port, "127.0.0.1", resolve));
    const hosts = await Promise.all([serveAt(root), serveAt(root)]);
    await until(() => hosts.filter((one) => one.lines.some((line) => line.startsWith("ready"))).length === 1);
    await until(() => hosts.filter((one) => one.lines.includes("served already")).length === 1);
    const moved = chosenPort(places);
    expect(moved).toMatchObject({ n: 2 });
    expect(moved?.port).not.toBe(port?.port);
    expect(await askSign(moved?.port ?? 0)).toMatchObject({ ready: true, holder: (await holderOf(places)).id });
  });

  test("[host.replace] replace ends the host that runs, and takes its port and its swarms", async () => {
    const { root, project, places } = await site();
    const first = await serveAt(root);
    await first.says("ready");
    const { handle } = await project.create({ goal: "Add a parser", team: null, flags: {} });
    expect(await handle.until((state) => (state.tip === "" ? null : state.epoch), { timeoutMs: 10_000 })).toBe(1);
    const port = chosenPort(places);
    const second = await serveAt(root, "--replace");
    await second.says("ready");
    expect(await first.ended).toBe(0);
    expect(first.lines.at(-1)).toBe("served told");
    expect(chosenPort(places)).toEqual(port);
    expect(await handle.until((state) => (state.epoch === 2 ? state.lease?.holder.pid : null) ?? null, { timeoutMs: 10_000 })).toBe(
      second.pid,
    );
  });

  test("[host.takeover] a second host ends one that is stopped, on the same port, and takes its swarms", async () => {
    const { root, project, places } = await site();
    const first = await serveAt(root);
    await first.says("ready");
    const { handle } = await project.create({ goal: "Add a parser", team: null, flags: {} });
    await handle.until((state) => (state.tip === "" ? null : true), { timeoutMs: 10_000 });
    const port = chosenPort(places);
    first.child.kill("SIGSTOP");
    const second = await serveAt(root, "--announce");
    await second.says("serving");
    const ms = await elapsed(async () => {
      const pid = await handle.until((state) => (state.epoch === 2 ? (state.lease?.holder.pid ?? null) : null), { timeoutMs: 10_000 });
      expect(pid).toBe(second.pid);
    });
    expect(ms).toBeLessThan(1_500 + 1_000);
    expect(await first.ended).toBe("SIGKILL");
    expect(chosenPort(places)).toEqual(port);
  });

  test("[host.live] a host with a swarm at work stays, and ends when the swarm only waits for a command", async () => {
    const root = repository();
    const { handle } = await (await projectAt(root)).create({ goal: "Add a parser", team: null, flags: {} });
    const host = await serveAt(root, "--idle=200");
    await handle.until((state) => (state.tip === "" ? null : true), { timeoutMs: 10_000 });
    const since = systemClock.monotonic();
    await until(() => systemClock.monotonic() - since > 1_000);
    expect(host.lines).toEqual([expect.stringMatching(/^ready/)]);
    await handle.submit({ type: "pause_swarm" }, { kind: "operator" });
    expect(await host.ended).toBe(0);
    expect(host.lines.at(-1)).toBe("served idle");
  });

  test("[host.operator] the endpoint knows the operator by the token of a file only the owner can read", async () => {
    const { root, places } = await site();
    const host = await serveAt(root);
    const port = (await host.says("ready")).split(" ")[1];
    const ask = async (token: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/mcp`, { headers: { authorization: `Bearer ${token}` } });
      return [response.status, await response.json()];
    };
    expect(await ask(operatorToken(places))).toEqual([200, { kind: "operator" }]);
    expect(await ask("guess")).toEqual([401, null]);
  });
});

test("[host.down] a host that does not stay up is given up after five restarts, with its last words on record", async () => {
  const { project, places } = await site();
  const argv = [process.execPath, "-e", 'console.error("no such module"); process.exit(3)'] as const;
  const order = {
    places,
    argv,
    cwd: project.root,
    env: process.env,
    clock: systemClock,
    firstPauseMs: 1,
    self: { pid: process.pid, start: "x" },
  };
  expect(await keep({ ...order, signal: new AbortController().signal })).toBe(1);
  const record = await keeperRecord(places).read();
  expect(record?.failures).toHaveLength(6);
  expect(record?.keeper).toBeNull();
  expect(await project.hostDown()).toBe("exit code 3; last words: no such module");
  expect(await project.wantHost()).toBe(false);
});

test("[host.keeper.small] the keeper loads nothing but node's own modules and a few files", () => {
  const files = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type)[^;]*?from "([^"]+)"/gm)) {
      if (name.startsWith(".")) visit(path.resolve(path.dirname(file), name));
      else if (!name.startsWith("node:")) outside.add(name);
    }
  };
  visit(path.resolve(import.meta.dirname, "../../src/cli/keeper.ts"));
  expect([...outside]).toEqual([]);
  expect(files.size).toBeLessThanOrEqual(8);
  expect([...files].some((file) => file.endsWith("host/keeper.ts"))).toBe(true);
});
