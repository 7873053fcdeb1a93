/** What holds for a session of every adapter, whatever its program does. Real processes, replayed streams. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { HARNESSES } from "../../src/harness/index.ts";
import { groupLives } from "../../src/proc/tree.ts";
import { tempDir } from "../support/temp.ts";
import { DIALECTS, type Dialect } from "./support/dialects.ts";
import { orderFor } from "./support/order.ts";
import { type Watched, watch } from "./support/watch.ts";

const MESSAGE = { $: "wait", for: "message" };
const START = { $: "wait", for: "start" };

// The adapters side by side, each test of one after another: most of their time is waiting for a program to be ended.
describe.concurrent.each(Object.entries(DIALECTS))("%s", (_name, dialect) => {
  describe.sequential("keeps the contract", () => contract(dialect));
});

function contract(dialect: Dialect): void {
  const { steer } = dialect.harness.capabilities;
  const ending = dialect.signalled ? { code: null, signal: "SIGTERM" } : { code: 0, signal: null };

  const started: Watched[] = [];
  afterEach(() => Promise.all(started.splice(0).map((session) => session.stop(500))));

  async function play(lines: readonly unknown[], change: Parameters<typeof orderFor>[0] = {}) {
    const folder = tempDir("stream");
    const file = path.join(folder, "stream.jsonl");
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    const log = path.join(folder, "log.jsonl");
    const order = orderFor({ binary: dialect.fake, settings: dialect.settings, ...change });
    const session = await watch(dialect.harness, { ...order, env: { ...order.env, FAKE_STREAM: file, FAKE_LOG: log } });
    started.push(session);
    return { session, order, heard: () => readFileSync(log, "utf8") };
  }
  const begin = (...lines: readonly unknown[]) => [START, ...dialect.ready, MESSAGE, ...lines];
  const turn = ({ started, receipt, text, ended }: Dialect, n: number, said: string) => [
    receipt(n),
    started,
    text(said),
    ended(said, null),
  ];

  test("[harness.turn] a message is taken by its receipt, a turn has text, end and usage", async () => {
    const { session, order } = await play(begin(...turn(dialect, 1, "done")));
    expect(session.start).toMatch(/^\d+$/);
    expect(await session.see("ready")).toMatchObject({ cliSession: dialect.names ?? order.cliSession, mcp: dialect.mcp ?? "connected" });
    expect(await session.deliver("go", mintUuid(), "next")).toBe("taken");
    expect(await session.see("turn_ended")).toMatchObject({
      ok: true,
      text: "done",
      error: null,
      usage: { inputTokens: 7, outputTokens: 3 },
    });
    expect(session.of("text")).toEqual([{ type: "text", text: "done" }]);
    expect(session.busy()).toBe(false);
    expect(await session.stop(2_000)).toMatchObject(ending);
  });

  test.skipIf(dialect.onlyAsked)("[harness.turn.two] two turns out of one message are two turns, and the session lives on", async () => {
    const more = [dialect.started, dialect.ended("two", null), MESSAGE, ...turn(dialect, 2, "three")];
    const { session } = await play(begin(...turn(dialect, 1, "one"), ...more));
    await session.deliver("go", mintUuid(), "next");
    await session.see("turn_ended", 2);
    expect(await session.deliver("again", mintUuid(), "next")).toBe("taken");
    await session.see("turn_ended", 3);
    expect(session.of("turn_ended").map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  test("[harness.turn.error] a failed turn says so and why", async () => {
    const { session } = await play(begin(dialect.receipt(1), dialect.started, dialect.ended("", "the model said 400")));
    await session.deliver("go", mintUuid(), "next");
    expect(await session.see("turn_ended")).toMatchObject({ ok: false, error: expect.stringContaining("the model said 400") });
  });

  test.runIf(steer)("[harness.busy] text for a running turn goes at once and is proved by its own receipt", async () => {
    const { session } = await play(begin(dialect.receipt(1), dialect.started, MESSAGE, dialect.receipt(2), dialect.ended("both", null)));
    const first = session.deliver("go", mintUuid(), "next");
    await session.see("turn_started");
    expect(session.busy()).toBe(true);
    expect(await session.deliver("mail", mintUuid(), "next")).toBe("taken");
    expect(await first).toBe("taken");
    await session.see("turn_ended");
  });

  test.skipIf(steer)("[harness.hold] text for a running turn waits for its end, and is then a turn of its own", async () => {
    const cut = [{ $: "wait", for: "interrupt" }, ...dialect.interrupted, dialect.ended("", "interrupted"), MESSAGE];
    const { session, heard } = await play(begin(dialect.receipt(1), dialect.started, ...cut, ...turn(dialect, 2, "both")));
    await session.deliver("go", mintUuid(), "next");
    await session.see("turn_started");
    const [held, urgent] = [mintUuid(), mintUuid()];
    const fate = session.deliver("mail", held, "next");
    void session.deliver("urgent mail", urgent, "now");
    // What is urgent cuts the turn and goes before what waits.
    await session.see("turn_ended", 2);
    expect(session.of("turn_ended").map(({ ok }) => ok)).toEqual([false, true]);
    const sent = heard();
    expect(sent).toContain(urgent);
    await session.stop(2_000);
    expect(await fate).toBe("gone");
  });

  test("[harness.deliver.once] one receipt is written once, however often it is handed over", async () => {
    const { session, heard } = await play(begin(...turn(dialect, 1, "done")));
    const receipt = mintUuid();
    await Promise.all([session.deliver("go", receipt, "next"), session.deliver("go", receipt, "next")]);
    expect(await session.deliver("go", receipt, "next")).toBe("taken");
    await session.stop(2_000);
    const sent = heard()
      .split("\n")
      .filter((line) => line.includes("stdin") && line.includes(receipt));
    expect(sent).toHaveLength(1);
  });

  /** Long enough for several writes each. */
  const long = (n: number): string => `#${n}#${"x".repeat(70_000)}#end ${n}#`;

  test("[harness.order] messages to a busy session arrive whole, one after another, in the order they were given", async () => {
    const rest = steer
      ? [...[MESSAGE, MESSAGE, MESSAGE], ...[2, 3, 4].map((n) => dialect.receipt(n)), dialect.ended("all", null)]
      : [dialect.ended("1", null), ...[2, 3, 4].flatMap((n) => [MESSAGE, ...turn(dialect, n, `${n}`)])];
    const { session, heard } = await play(begin(dialect.receipt(1), dialect.started, ...rest));
    const settled: number[] = [];
    const fates = [1, 2, 3, 4].map(async (n) => {
      const fate = await session.deliver(long(n), mintUuid(), "next");
      settled.push(n);
      return fate;
    });
    expect(await Promise.all(fates)).toEqual(["taken", "taken", "taken", "taken"]);
    expect(settled).toEqual([1, 2, 3, 4]);
    const lines = heard()
      .split("\n")
      .filter((line) => line.includes("#end "));
    expect(lines.map((line) => /#(\d)#x{70000}#end \1#/.exec(line)?.[1])).toEqual(["1", "2", "3", "4"]);
  });

  test("[harness.order] of the messages to a session that ends, the first were taken and the others are given back, in that order", async () => {
    const { session } = await play(
      begin(dialect.receipt(1), dialect.started, ...(steer ? [MESSAGE, dialect.receipt(2)] : []), { $: "exit", code: 0 }),
    );
    const fates = await Promise.all([1, 2, 3, 4].map((n) => session.deliver(long(n), mintUuid(), "next")));
    // A proof may be lost with its program; then the message is given back, as it must be.
    expect(fates.join(" ")).toMatch(steer ? /^taken (taken|gone) gone gone$/ : /^taken gone gone gone$/);
    expect(session.busy()).toBe(false);
  });

  test("[harness.interrupt] an interrupt ends the turn and leaves the session usable; an idle session has none", async () => {
    const { session } = await play(
      begin(
        ...[dialect.receipt(1), dialect.started, { $: "wait", for: "interrupt" }, ...dialect.interrupted],
        ...[dialect.ended("", "interrupted"), MESSAGE, ...turn(dialect, 2, "after")],
      ),
    );
    expect(session.interrupt()).toBe(false);
    await session.deliver("go", mintUuid(), "next");
    await session.see("turn_started");
    expect(session.interrupt()).toBe(true);
    expect(await session.see("turn_ended")).toMatchObject({ ok: false });
    await session.deliver("go on", mintUuid(), "next");
    expect(await session.see("turn_ended", 2)).toMatchObject({ ok: true, text: "after" });
  });

  test("[harness.noise] malformed and endless lines are noise, and what follows is read", async () => {
    const rubbish = [
      { $: "raw", text: "not json\n" },
      { $: "raw", text: '{"type":\n' },
      { $: "raw", text: '["a"]\n' },
    ];
    const { session } = await play(
      begin(...rubbish, { $: "huge", bytes: 9_000_000 }, dialect.text("y".repeat(3_000_000)), ...turn(dialect, 1, "done")),
    );
    await session.deliver("go", mintUuid(), "next");
    await session.see("turn_ended");
    expect(session.of("noise").length).toBe(4);
    expect(session.of("noise").every(({ line }) => line.length < 5_000)).toBe(true);
    expect(session.of("text")[0]?.text.length).toBeLessThan(20_000);
  });

  test("[harness.exit] a program that ends in the middle of a delivery gives the message back", async () => {
    const { session } = await play(begin({ $: "exit", code: 3 }));
    expect(await session.deliver("go", mintUuid(), "next")).toBe("gone");
    expect(await session.exited).toMatchObject({ code: 3, signal: null });
    expect(await session.deliver("late", mintUuid(), "next")).toBe("gone");
  });

  test("[harness.exit.deaf] a program that closed its stdin harms nobody: messages are given back when it is stopped", async () => {
    const { session } = await play([START, ...dialect.ready, { $: "deaf" }, dialect.text("deaf now")]);
    await session.see(dialect.loose ?? "text");
    const fates = ["a", "b", "c"].map((text) => session.deliver(text.repeat(100_000), mintUuid(), "next"));
    await session.stop(100);
    expect(await Promise.all(fates)).toEqual(["gone", "gone", "gone"]);
  });

  test("[harness.stop] a session that ends on request ends with its code", async () => {
    const { session } = await play([START, ...dialect.ready]);
    await session.see("ready");
    expect(await session.stop(5_000)).toMatchObject(ending);
    expect(await session.stop(5_000)).toMatchObject(ending);
  });

  test("[harness.stop.tree] one that hears neither the end of stdin nor SIGTERM is killed, with all it started", async () => {
    const { session } = await play([
      START,
      { $: "stubborn" },
      { $: "child" },
      ...dialect.ready,
      MESSAGE,
      dialect.receipt(1),
      dialect.started,
    ]);
    await session.see("ready");
    await session.deliver("go", mintUuid(), "next");
    expect(await session.stop(100)).toMatchObject({ signal: "SIGKILL" });
    expect(groupLives(session.pid)).toBe(false);
  });

  test("[harness.killed] SIGKILL from outside is an exit like any other, and takes its children along", async () => {
    const { session } = await play([START, { $: "child" }, ...dialect.ready]);
    await session.see("ready");
    process.kill(session.pid, "SIGKILL");
    expect(await session.exited).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(groupLives(session.pid)).toBe(false);
  });

  test("[harness.resume] a resumed session is told which one it is, under the same name", async () => {
    const { session, order, heard } = await play(begin(...turn(dialect, 1, "again")), { resume: true });
    expect(await session.see("ready")).toMatchObject({ cliSession: order.cliSession });
    await session.deliver("go on", mintUuid(), "next");
    await session.see("turn_ended");
    expect(heard()).toContain(order.cliSession);
  });

  test("[harness.token] the token reaches the program by stdin alone, or by a file that is the owner's", async () => {
    const { session, order, heard } = await play(begin());
    await session.see("ready");
    const [first = "", ...rest] = heard().trim().split("\n");
    expect(first).not.toContain(order.mcp.token);
    if (dialect.tokenFile === undefined) expect(rest.join("\n")).toContain(order.mcp.token);
    else {
      const file = path.join(order.home, dialect.tokenFile);
      expect(rest.join("\n")).not.toContain(order.mcp.token);
      expect([readFileSync(file, "utf8").includes(order.mcp.token), statSync(file).mode & 0o777]).toEqual([true, 0o600]);
    }
    expect(JSON.stringify(dialect.harness.launch(order).env)).not.toContain(order.mcp.token);
  });
}

test("[harness.contract.all] every adapter of the registry is held to the contract", () => {
  expect(Object.keys(DIALECTS).sort()).toEqual(Object.keys(HARNESSES).sort());
});

test("[harness.not-started] a program that is not there is a refusal, not an exit", async () => {
  const order = orderFor({ binary: "/nowhere/claude" });
  await expect(watch(HARNESSES.claude, order)).rejects.toMatchObject({ code: "SESSION_NOT_STARTED" });
});
