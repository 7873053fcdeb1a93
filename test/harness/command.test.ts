/** The command harness with its real runner and real programs: one process per message. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { command } from "../../src/harness/command.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { groupLives } from "../../src/proc/tree.ts";
import { tempDir } from "../support/temp.ts";
import { startToolServer } from "../support/tool-server.ts";
import { until } from "../support/until.ts";
import { orderFor, runnerEntry } from "./support/order.ts";
import { stopAll, type Watched, watch } from "./support/watch.ts";

afterEach(stopAll);

const place = (name: string): string => fileURLToPath(new URL(`../bin/${name}`, import.meta.url));
const ENTRY = await runnerEntry();
const PROGRAM = [process.execPath, place("one-turn.mjs")];
const SETTINGS = {
  argv: [...PROGRAM, "--mcp", "{mcp_file}"],
  resume: [...PROGRAM, "--mcp", "{mcp_file}", "--resume", "{session}"],
  output: { text: "text", session: "id", error: "error", inputTokens: "usage.in", outputTokens: "usage.out" },
  entry: ENTRY,
};
const start = (settings: object = {}, change: Partial<LaunchOrder> = {}): Promise<Watched> =>
  watch(command, orderFor({ binary: process.execPath, rolePrompt: "ROLE", settings: { ...SETTINGS, ...settings }, ...change }));
const say = (session: Watched, text: string) => session.deliver(text, mintUuid(), "next");
/** Node programs of a session's group beside its runner; left behind, they have another parent. */
const programsOf = ({ pid }: Watched): number =>
  readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === pid) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state !== "Z" && Number(group) === pid && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("setInterval");
    } catch {
      return false; // ended meanwhile
    }
  }).length;
/** What the program printed first in its n-th turn, as a text of the session. */
const TOLD = { output: "text" } as const;
const told = (session: Watched, turn: number) =>
  JSON.parse(session.of("text")[turn]?.text.split("\n")[0] ?? "{}") as { args: string[]; prompt: string; before: string[] };

test("[harness.command.turns] each message is a process of its own, which goes on with the session it named", async () => {
  const session = await start();
  expect(await session.see("ready")).toMatchObject({ mcp: "unknown" });
  expect(await say(session, "!session s-7\n!say one")).toBe("taken");
  expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "one", usage: { inputTokens: 5, outputTokens: 2, usd: null } });
  expect(session.of("ready").at(-1)).toMatchObject({ cliSession: "s-7" });
  expect(await say(session, "!say two\n!env")).toBe("taken");
  expect(await session.see("turn_ended", 2)).toMatchObject({ ok: true, text: "two" });
  expect(session.of("text").map(({ text }) => text)).toEqual(["one", "two"]);
  expect(await session.stop(5_000)).toMatchObject({ code: 0 });
});

test("[harness.command.prompt] role, message and memory: what a program reads depends on what it can keep", async () => {
  const session = await start(TOLD);
  await say(session, "first");
  await say(session, "second");
  await session.see("turn_ended", 2);
  expect([told(session, 0).prompt, told(session, 1).prompt]).toEqual(["ROLE\n\nfirst", "second"]);
  expect(told(session, 1)).toMatchObject({ args: expect.arrayContaining(["--resume"]), before: ["ROLE\n\nfirst"] });
  const { resume: _, ...once } = SETTINGS;
  const forgetful = await watch(command, orderFor({ binary: process.execPath, rolePrompt: "ROLE", settings: { ...once, ...TOLD } }));
  await say(forgetful, "first");
  await say(forgetful, "second");
  await forgetful.see("turn_ended", 2);
  expect(told(forgetful, 1).prompt).toMatch(/^ROLE\n\nYou have no memory .*\n\nsecond$/);
  const filed = await start({ ...TOLD, argv: [...PROGRAM, "--prompt", "{prompt_file}", "--role", "{role_file}"], stdin: "none" });
  await say(filed, "first");
  await filed.see("turn_ended");
  expect(told(filed, 0).prompt).toBe("first");
});

test("[harness.command.resume] a session goes on after its process, where the program can; else it is told that it cannot", async () => {
  const session = await start(TOLD, { resume: true, cliSession: "s-7" });
  await say(session, "go on");
  await session.see("turn_ended");
  expect(told(session, 0)).toMatchObject({ args: expect.arrayContaining(["--resume", "s-7"]), prompt: "go on" });
  const { resume: _, ...once } = SETTINGS;
  const order = orderFor({ binary: process.execPath, settings: once, resume: true });
  expect(await (await watch(command, order)).see("broken")).toMatchObject({ problem: { kind: "request" } });
});

test("[harness.command.errors] a bad end is a failed turn with its reason and kind, and the next message is a turn again", async () => {
  const session = await start();
  const fails = [
    "!exit 3\n!err the disk is full",
    "!exit 1\n!fail 429 Too many requests, try again in 20s",
    "!fail no such thing",
    "!exit 2",
  ];
  for (const [index, text] of fails.entries()) {
    await say(session, text);
    await session.see("turn_ended", index + 1);
  }
  await say(session, "!say fine");
  expect(await session.see("turn_ended", 5)).toMatchObject({ ok: true, text: "fine" });
  expect(session.of("turn_ended").map(({ error, problem }) => [error, problem?.kind])).toEqual([
    ["exit code 3: the disk is full", "crash"],
    ["exit code 1: 429 Too many requests, try again in 20s", "rate_limit"],
    ["no such thing", "request"],
    [expect.stringContaining("exit code 2"), "crash"],
    [null, undefined],
  ]);
  expect(session.of("turn_ended")[1]?.problem?.reset).toEqual({ inMs: 20_000 });
});

test("[harness.command.missing] a program that cannot be started breaks the session", async () => {
  const session = await start({ argv: ["/nowhere/program"] });
  void say(session, "go");
  expect(await session.see("broken")).toMatchObject({ problem: { message: expect.stringContaining("/nowhere/program") } });
});

test("[harness.command.cut] an interrupt ends the program and what it started; the session stays and takes the urgent message", async () => {
  const session = await start();
  await say(session, "!stubborn\n!child\n!sleep 60000");
  const waiting = say(session, "!say later");
  const urgent = session.deliver("!say now", mintUuid(), "now");
  expect(await session.see("turn_ended")).toMatchObject({ ok: false, error: "interrupted" });
  expect(session.of("turn_ended")[0]?.problem).toBeUndefined();
  expect([await urgent, await waiting]).toEqual(["taken", "taken"]);
  await session.see("turn_ended", 3);
  await until(() => programsOf(session) === 0, { what: "only the runner was left" });
});

test("[harness.command.killed] SIGKILL of the session takes a running program and its children along", async () => {
  const session = await start();
  void say(session, "!stubborn\n!child\n!sleep 60000");
  await session.see("turn_started");
  process.kill(session.pid, "SIGKILL");
  expect(await session.exited).toMatchObject({ signal: "SIGKILL" });
  await until(() => !groupLives(session.pid), { what: "the group was gone" });
});

test("[harness.command.hang] a silent program gives no sign of life, has a time limit, and is ended with its session", async () => {
  const silent = await start({ argv: [process.execPath, "-e", "setInterval(()=>{},60000)"] });
  await silent.see("ready");
  const fate = say(silent, "go");
  await silent.see("alive");
  const since = silent.lastOutput();
  // Another program's whole answer later nothing more has come of it.
  const other = await start({});
  await say(other, "!say hello");
  await other.see("turn_ended");
  expect(silent.lastOutput()).toBe(since);
  await silent.stop(100);
  expect(groupLives(silent.pid)).toBe(false);
  await fate;
  const slow = await start({ timeoutMinutes: 0.002 });
  void say(slow, "!sleep 60000");
  expect(await slow.see("turn_ended")).toMatchObject({
    ok: false,
    error: expect.stringContaining("took longer"),
    problem: { kind: "crash" },
  });
});

test("[harness.command.lines] endless lines, words outside the format, and a pipe that a stray child holds do no harm", async () => {
  const session = await start();
  await say(session, "!huge 9000000\n!holder\n!say done");
  expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "done" });
  expect(session.of("noise").length).toBe(1);
  await until(() => programsOf(session) === 0, { what: "the stray child was ended" });
});

test("[harness.command.tools] the program finds its tools and its token in a file that is its owner's, and nowhere else", async () => {
  const token = orderFor({}).mcp.token;
  const tools = await startToolServer({ whoami: () => ({ role: "developer" }) }, { tokens: [token] });
  const session = await start({ set: { WHERE: "{mcp_file}" }, ...TOLD }, { mcp: { url: tools.url, token } });
  await say(session, "!whoami\n!env");
  await session.see("turn_ended");
  const [text = ""] = session.of("text").map((one) => one.text);
  expect(text).toContain('{\\"role\\":\\"developer\\"}');
  expect(text).toContain('"WHERE"');
  expect(text).not.toContain(token);
  expect(tools.calls).toMatchObject([{ tool: "whoami", token }]);
  await tools.close();
});

test("[harness.command.detect] the named program decides, and wrong settings are refused by field", async () => {
  const folder = tempDir("bin");
  writeFileSync(path.join(folder, "my-tool"), "#!/bin/sh\n", { mode: 0o755 });
  expect(await command.detect({ PATH: folder }, { argv: ["my-tool"] })).toMatchObject({ found: true, path: process.execPath });
  expect(await command.detect({ PATH: folder }, { argv: ["other"] })).toMatchObject({
    found: false,
    why: expect.stringContaining('"other"'),
  });
  expect(await command.detect({ PATH: folder })).toMatchObject({ found: false, fix: expect.stringContaining("argv") });
  expect(() => command.launch(orderFor({ settings: { argv: ["x", "--model={model}"] } }))).toThrow(/no model is set/);
  const bad = orderFor({ settings: { argv: ["x"], output: { text: "a..b" } } });
  expect(() => command.launch(bad)).toThrow(
    expect.objectContaining({ code: "HARNESS_SETTINGS", message: expect.stringContaining("output") }),
  );
});
