import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { cleanEnv } from "../../src/proc/env.ts";
import { type RunOptions, run } from "../../src/proc/run.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const node = (script: string): string[] => [process.execPath, "-e", script];
const options = (more: Partial<RunOptions> = {}): RunOptions => ({
  cwd: tempDir(),
  env: cleanEnv(process.env),
  timeoutMs: 10_000,
  graceMs: 300,
  ...more,
});
const lives = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
/** Prints the pid of a grandchild that holds stdout open for ever, then does `then`. */
const withGrandchild = (then: string, detached = false): string[] =>
  node(`const c = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"],
    { stdio: ["ignore", "inherit", "inherit"], detached: ${detached} }); c.unref(); console.log(c.pid); ${then}`);

describe("[proc.run] a program is run to its end", () => {
  test("with its code, both streams and their order", async () => {
    const result = await run(node("process.stdout.write('a'); process.stderr.write('b'); process.exitCode = 3"), options());
    expect(result).toMatchObject({ outcome: "exited", code: 3, signal: null, stdout: "a", stderr: "b", truncated: false, problem: "" });
    expect([...result.output].sort()).toEqual(["a", "b"]);
  });

  test("with its input, and with no input it sees the end at once", async () => {
    const echo = node("process.stdin.pipe(process.stdout)");
    expect((await run(echo, options({ input: "héllo\n" }))).stdout).toBe("héllo\n");
    expect(await run(echo, options())).toMatchObject({ outcome: "exited", code: 0, stdout: "" });
  });

  test("even when it does not read its input", async () => {
    const result = await run(node("process.stdin.destroy()"), options({ input: "x".repeat(5_000_000) }));
    expect(result).toMatchObject({ outcome: "exited", code: 0 });
  });

  test("and a signal from elsewhere is told apart", async () => {
    expect(await run(node("process.kill(process.pid, 'SIGKILL')"), options())).toMatchObject({
      outcome: "killed",
      code: null,
      signal: "SIGKILL",
    });
  });
});

test("[proc.run.argv] arguments reach the program as they are, and no shell reads them", async () => {
  const args = ["$(touch pwned)", "`touch pwned`", "a b", "'\"", "; touch pwned", "*", "ü\n"];
  const opts = options();
  const result = await run([...node("console.log(JSON.stringify(process.argv.slice(1)))"), ...args], opts);
  expect(JSON.parse(result.stdout)).toEqual(args);
  expect(existsSync(path.join(opts.cwd, "pwned"))).toBe(false);
});

describe("[proc.run.not-started] a program that cannot be started is a result", () => {
  test.each([
    ["missing", ["/no/such/program"], {}],
    ["missing on PATH", ["no-such-program-here"], {}],
    ["missing folder", ["ls"], { cwd: "/no/such/folder" }],
    ["empty", [], {}],
    ["a NUL byte", ["ls", "a\0b"], {}],
  ])("%s", async (_name, argv, more) => {
    const result = await run(argv, options(more));
    expect(result).toMatchObject({ outcome: "not_started", code: null });
    expect(result.problem).not.toBe("");
  });
});

test("[proc.run.tail] of a flood only the tail is kept, cut at a whole character", async () => {
  const result = await run(node("for (let i = 0; i < 20000; i++) process.stdout.write('é' + i + '\\n')"), options({ maxOutput: 1000 }));
  expect(result.truncated).toBe(true);
  expect(Buffer.byteLength(result.output)).toBeLessThanOrEqual(1000);
  expect(result.output).toMatch(/é19999\n$/);
  expect(result.output).not.toContain("\uFFFD");
});

describe("[proc.run.tree] nothing of a run stays behind", () => {
  test("a time-out ends the whole group", async () => {
    const result = await run(withGrandchild("setInterval(() => {}, 1000)"), options({ timeoutMs: 400 }));
    expect(result).toMatchObject({ outcome: "timed_out", code: null });
    await until(() => !lives(Number(result.stdout)));
  });

  test("an abort ends the whole group, even one that ignores SIGTERM", async () => {
    const stop = new AbortController();
    const opts = options({ signal: stop.signal });
    const running = run(
      node("process.on('SIGTERM', () => {}); require('node:fs').writeFileSync('up', ''); setInterval(() => {}, 1000)"),
      opts,
    );
    await until(() => existsSync(path.join(opts.cwd, "up")));
    stop.abort();
    expect(await running).toMatchObject({ outcome: "aborted", signal: "SIGKILL" });
  });

  test("an abort before the start starts nothing", async () => {
    expect(await run(["touch", "x"], options({ signal: AbortSignal.abort() }))).toMatchObject({ outcome: "aborted" });
  });

  test("a program that ends while its background child holds the pipes still settles, and the child is ended", async () => {
    const result = await run(withGrandchild("process.exit(0)"), options());
    expect(result).toMatchObject({ outcome: "exited", code: 0 });
    expect(result.ms).toBeLessThan(5_000);
    await until(() => !lives(Number(result.stdout)));
  });

  test("a child in a group of its own is ended with its living parent, and cannot hold up a finished one", async () => {
    const timed = await run(withGrandchild("setInterval(() => {}, 1000)", true), options({ timeoutMs: 400 }));
    await until(() => !lives(Number(timed.stdout)));
    const over = await run(withGrandchild("process.exit(0)", true), options());
    expect(over).toMatchObject({ outcome: "exited", code: 0 });
    process.kill(Number(over.stdout), "SIGKILL"); // it left its group and its parent: nobody can find it
  });
});
