/** What is Claude Code's own: flags, its recorded streams (2.1.329), and where its binary is found. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { claude } from "../../src/harness/claude.ts";
import { findClaude } from "../../src/harness/claude-binary.ts";
import { claudeCodec } from "../../src/harness/claude-codec.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { tempDir } from "../support/temp.ts";
import { orderFor } from "./support/order.ts";
import { stopAll, watch } from "./support/watch.ts";

afterEach(stopAll);

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/claude/${name}.jsonl`, import.meta.url));
const fake = fileURLToPath(new URL("../bin/fake-claude.mjs", import.meta.url));
const replayed = (name: string, change: Partial<LaunchOrder> = {}) => {
  const order = orderFor({ binary: fake, ...change });
  return watch(claude, { ...order, env: { ...order.env, FAKE_STREAM: fixture(name) } });
};
const usd = (sessions: { of(type: "turn_ended"): readonly { usage: { usd: number | null } }[] }) =>
  sessions.of("turn_ended").map(({ usage }) => Number(usage.usd?.toFixed(6)));

describe("recorded streams", () => {
  test("[harness.claude.stream] tools, mail in a running turn, denials, retries and an interrupt read as what they are", async () => {
    const session = await replayed("session");
    expect(await session.deliver("briefing", mintUuid(), "next")).toBe("taken");
    expect(await session.deliver("mail", mintUuid(), "next")).toBe("taken");
    expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "handed in" });
    expect(session.of("tool").map(({ name }) => name)).toContain("mcp__skep__task_submit");
    expect(session.of("tool_result")[0]).toMatchObject({ name: "mcp__skep__whoami", ok: true, text: expect.any(String) });
    expect(session.of("denied")).toMatchObject([{ tool: "Bash" }]);
    await session.deliver("ask", mintUuid(), "next");
    await session.see("retry");
    expect(session.interrupt()).toBe(true);
    expect(await session.see("turn_ended", 2)).toMatchObject({ ok: false, error: expect.stringContaining("aborted_tools") });
    await session.deliver("go on", mintUuid(), "next");
    expect(await session.see("turn_ended", 3)).toMatchObject({ ok: true, text: "asked" });
    expect(usd(session)).toEqual([0.008, 0.0016, 0.0016]);
    expect(session.of("noise")).toEqual([]);
  });

  test("[harness.claude.is-error] a result of subtype success with is_error is a failed turn", async () => {
    const session = await replayed("errors");
    const send = () => session.deliver("text", mintUuid(), "next");
    await send();
    await send();
    await session.see("turn_ended", 1);
    await send();
    await session.see("turn_started", 2);
    session.interrupt();
    await session.see("turn_ended", 2);
    await send();
    expect(await session.see("turn_ended", 3)).toMatchObject({ ok: false, error: "api_error: API Error: 400 scripted error 400" });
    await send();
    await session.see("turn_started", 4);
    await session.deliver("now", mintUuid(), "now");
    expect(await session.see("turn_ended", 5)).toMatchObject({ ok: true, text: "urgent handled" });
    expect(usd(session)).toEqual([0.004, 0.00042, 0, 0.00042, 0.0008]);
  });

  test("[harness.claude.mcp-failed] without its tools a session is reported, and no message is handed to it", async () => {
    const session = await replayed("refused", { resume: true });
    expect(await session.see("ready")).toMatchObject({ mcp: "failed" });
    const fate = session.deliver("go", mintUuid(), "next");
    await session.stop(200);
    expect(await fate).toBe("gone");
  });

  test("[harness.claude.resume-cost] a resumed session is charged for its own turns only", async () => {
    const session = await replayed("resumed", { resume: true });
    await session.deliver("go on", mintUuid(), "next");
    await session.see("turn_ended");
    expect(usd(session)).toEqual([0.0016]);
  });
});

describe("costs of versions that tell only a running total", () => {
  const total = (sum: number) => JSON.stringify({ type: "result", is_error: false, result: "", usage: {}, total_cost_usd: sum });
  const costs = (order: Partial<LaunchOrder>, ...sums: number[]) => {
    const codec = claudeCodec(orderFor(order));
    return sums.flatMap((sum) => codec.read(total(sum)).map((event) => (event.type === "turn_ended" ? event.usage.usd : "no turn")));
  };
  test.each([
    ["a first run counts from zero", {}, [1, 3], [1, 2]],
    ["a resume that kept its total is charged the difference", { resume: true, usdBefore: 3 }, [4, 4], [1, 0]],
    ["a resume that began at zero again is charged whole", { resume: true, usdBefore: 3 }, [0.5, 1], [0.5, 0.5]],
  ] as const)("[harness.claude.total] %s", (_name, order, sums, expected) => {
    expect(costs(order, ...sums)).toEqual(expected);
  });
});

describe("flags", () => {
  const argv = (change: Partial<LaunchOrder>): readonly string[] => claude.launch(orderFor({ binary: "/bin/claude", ...change })).argv;
  const wordsAfter = (list: readonly string[], flag: string): readonly string[] => {
    const rest = list.slice(list.indexOf(flag) + 1);
    const end = rest.findIndex((word) => word.startsWith("--"));
    return end < 0 ? rest : rest.slice(0, end);
  };

  test("[harness.claude.guarded] the guarded preset reads and edits in the worktree alone and runs the commands it was given", () => {
    const allowed = wordsAfter(argv({ commands: [["npm", "test"]] }), "--allowedTools");
    expect(allowed).toEqual(expect.arrayContaining(["mcp__skep", "Read(./**)", "Edit(./**)", "Write(./**)", "Bash(npm test)"]));
    expect(allowed).not.toEqual(expect.arrayContaining(["Read"]));
    expect(allowed.some((tool) => ["Read", "Edit", "Write", "Bash", "Bash(*)"].includes(tool))).toBe(false);
    expect(argv({})).toEqual(expect.arrayContaining(["--permission-mode", "dontAsk"]));
  });

  test("[harness.claude.closed] what sets up skep or a later session of a CLI is closed, and a refusal by path is a denial", () => {
    const closed = wordsAfter(argv({}), "--disallowedTools");
    expect(closed).toEqual(expect.arrayContaining(["Edit(./.skep/**)", "Edit(./.codex/**)", "Edit(./opencode.json*)"]));
    expect(wordsAfter(argv({ preset: "full" }), "--disallowedTools").join(" ")).not.toContain("Edit(");
    const codec = claude.codec(orderFor({}));
    const heard = (name: string, answer: object) => {
      codec.read(JSON.stringify({ type: "assistant", message: { content: [{ type: "tool_use", id: "u1", name, input: {} }] } }));
      const content = [{ type: "tool_result", tool_use_id: "u1", ...answer }];
      return codec.read(JSON.stringify({ type: "user", message: { content } })).map(({ type }) => type);
    };
    const refused = {
      is_error: true,
      content: "<tool_use_error>File is in a directory that is denied by your permission settings.</tool_use_error>",
    };
    expect(heard("Write", refused)).toEqual(["tool_result", "denied", "alive"]);
    // A file or a command that merely says so.
    expect(heard("Read", { content: "denied by your permission settings" })).toEqual(["tool_result", "alive"]);
    expect(heard("Bash", refused)).toEqual(["tool_result", "alive"]);
  });

  test("[harness.claude.read-only] the read-only preset has no tool that writes", () => {
    const list = argv({ preset: "read-only" });
    expect(wordsAfter(list, "--tools")).toEqual(["Bash,Read,Glob,Grep"]);
    expect(wordsAfter(list, "--allowedTools").join(" ")).not.toMatch(/Edit|Write|git add|git commit/);
  });

  test.each(["read-only", "guarded", "full"] as const)(
    "[harness.claude.no-own-swarm] %s: the CLI's own agents, tasks and messages are off",
    (preset) => {
      const off = wordsAfter(argv({ preset }), "--disallowedTools");
      expect(off).toEqual(expect.arrayContaining(["Agent", "ListAgents", "SendMessage", "Workflow", "ScheduleWakeup", "TaskCreate"]));
      expect(argv({ preset }).includes("--dangerously-skip-permissions")).toBe(preset === "full");
    },
  );

  test("[harness.claude.isolated] only the user's settings, no hooks, no memory, no other MCP servers", () => {
    const list = argv({});
    expect(list).toEqual(expect.arrayContaining(["--strict-mcp-config", "--exclude-dynamic-system-prompt-sections"]));
    expect(wordsAfter(list, "--setting-sources")).toEqual(["user"]);
    expect(JSON.parse(wordsAfter(list, "--settings")[0] ?? "")).toMatchObject({ disableAllHooks: true, autoMemoryEnabled: false });
  });

  test("[harness.claude.caps] turns and money are capped, and the session's name is ours", () => {
    const list = argv({ limits: { steps: 7, usd: 2.5 }, model: "sonnet", cliSession: "11111111-1111-4111-8111-111111111111" });
    expect(wordsAfter(list, "--max-turns")).toEqual(["7"]);
    expect(wordsAfter(list, "--max-budget-usd")).toEqual(["2.5"]);
    expect(wordsAfter(list, "--model")).toEqual(["sonnet"]);
    expect(wordsAfter(list, "--session-id")).toEqual(["11111111-1111-4111-8111-111111111111"]);
    expect(argv({ limits: { steps: 7, usd: null } })).not.toContain("--max-budget-usd");
    expect(argv({ resume: true })).not.toContain("--session-id");
  });
});

describe("[harness.claude.binary] the native binary is found", () => {
  const ELF = Buffer.concat([Buffer.from("7f454c46", "hex"), Buffer.alloc(8)]);
  function file(folder: string, name: string, content: string | Buffer): string {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
    chmodSync(path.join(folder, name), 0o755);
    return path.join(folder, name);
  }

  test("beside npm's wrapper, which is not started", () => {
    const folder = tempDir("npm");
    const wrapper = file(folder, "node_modules/@anthropic-ai/claude-code/bin/claude.exe", "echo not installed\n");
    const native = file(folder, `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`, ELF);
    mkdirSync(path.join(folder, "bin"));
    symlinkSync(wrapper, path.join(folder, "bin/claude"));
    expect(findClaude({ PATH: `relative:${path.join(folder, "bin")}` })).toBe(native);
  });

  test("itself, or a version manager's script; a broken wrapper is passed over", () => {
    const [broken, shim, own] = [tempDir("broken"), tempDir("shim"), tempDir("own")];
    file(broken, "claude", "echo Error: claude native binary not installed.\n");
    const script = file(shim, "claude", "#!/bin/sh\n");
    const native = file(own, "claude", ELF);
    expect(findClaude({ PATH: `${broken}:${own}:${shim}` })).toBe(native);
    expect(findClaude({ PATH: shim })).toBe(script);
    expect(findClaude({ PATH: broken })).toBeNull();
  });

  test("and its version decides", async () => {
    const folder = tempDir("versions");
    file(folder, "claude", "#!/bin/sh\necho '2.1.329 (Claude Code)'\n");
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    expect(await claude.detect(env)).toEqual({ found: true, path: path.join(folder, "claude"), version: "2.1.329" });
    file(folder, "claude", "#!/bin/sh\necho '1.0.128 (Claude Code)'\n");
    expect(await claude.detect(env)).toMatchObject({ found: false, why: expect.stringContaining("too old"), fix: "claude update" });
    expect(await claude.detect({ PATH: "/nowhere" })).toMatchObject({ found: false });
  });
});
