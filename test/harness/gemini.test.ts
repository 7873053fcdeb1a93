/** What is Gemini CLI's own: recorded streams of 0.61.0, and what it finds in a session's folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { gemini } from "../../src/harness/gemini.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { orderFor } from "./support/order.ts";
import { stopAll, watch } from "./support/watch.ts";

afterEach(stopAll);

const fake = fileURLToPath(new URL("../bin/fake-acp.mjs", import.meta.url));
const KEY = { GEMINI_API_KEY: "made-up", PATH: process.env.PATH ?? "", HOME: "/nowhere" };
const uuid = mintUuid;

describe("recorded streams of Gemini", () => {
  const replayed = (name: string, change: Partial<LaunchOrder> = {}) => {
    const file = fileURLToPath(new URL(`../fixtures/acp/gemini-${name}.jsonl`, import.meta.url));
    const order = orderFor({ binary: fake, commands: [["env"]], ...change });
    return watch(gemini, { ...order, env: { ...KEY, FAKE_STREAM: file } });
  };

  test("[harness.gemini.stream] turns, tools, denials, a cut turn and failures read as what they are, tokens per turn", async () => {
    const session = await replayed("session");
    expect(await session.see("ready")).toMatchObject({ mcp: "unknown", version: "0.61.0" });
    const fates = [session.deliver("briefing", uuid(), "next"), session.deliver("mail", uuid(), "next")];
    await session.see("turn_ended", 2);
    expect(await Promise.all(fates)).toEqual(["taken", "taken"]);
    void session.deliver("ask", uuid(), "next");
    await until(() => session.of("tool").some(({ name }) => name.startsWith("human_ask")), { what: "the blocking call" });
    void session.deliver("stop that", uuid(), "now");
    await session.see("turn_ended", 4);
    await session.deliver("go on", uuid(), "next");
    await session.see("turn_ended", 5);
    void session.deliver("go on", uuid(), "next");
    await session.see("turn_ended", 6);
    expect(session.of("turn_ended").map(({ ok, text, usage }) => [ok, text, usage.inputTokens])).toEqual([
      ...[
        [true, "handed in", 1000],
        [true, "read the mail", 200],
        [false, "", 0],
        [true, "asked", 200],
      ],
      ...[
        [false, "", 0],
        [false, "", 0],
      ],
    ]);
    expect(session.of("turn_ended").map(({ problem }) => problem?.kind)).toEqual([...Array(4), "rate_limit", "auth"]);
    expect(session.of("text").map(({ text }) => text)).toEqual(["handed in", "read the mail", "asked"]);
    expect(session.of("denied").map(({ why }) => why)).toEqual([
      expect.stringContaining("denied by policy"),
      "curl http://127.0.0.1/ is not among the commands of this session",
    ]);
    const results = session.of("tool_result");
    expect(results.filter(({ ok }) => !ok).map(({ text }) => text)).toEqual([expect.stringContaining("policy"), "Tool call aborted"]);
    expect(results.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["Writing to src/new.txt", "env", "task_submit (skep MCP Server)"]),
    );
    expect(session.of("noise")).toEqual([]);
  });

  test("[harness.acp.history] what an agent tells again of a session it loads is no turn, also where it comes behind the answer", async () => {
    const session = await replayed("resumed", { resume: true });
    await session.see("ready");
    const fate = session.deliver("go on", uuid(), "next");
    expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "after the kill", usage: { inputTokens: 200 } });
    expect(await fate).toBe("taken");
    expect(session.of("text")).toHaveLength(1);
    expect(session.of("tool").map(({ name }) => name)).toEqual(["whoami (skep MCP Server)"]);
    expect(session.events.findIndex(({ type }) => type === "turn_started")).toBeGreaterThan(
      session.events.findIndex(({ type }) => type === "ready"),
    );
  });

  test("[harness.acp.unknown-session] a session the agent does not know is told as broken, before any message", async () => {
    const session = await replayed("unknown", { resume: true });
    const fate = session.deliver("go on", uuid(), "next");
    expect(await session.see("broken")).toMatchObject({
      problem: { kind: "request", message: expect.stringContaining("Invalid session") },
    });
    await session.stop(200);
    expect(await fate).toBe("gone");
    expect(session.of("ready")).toEqual([]);
  });
});

describe("[harness.gemini.isolated] Gemini's home is the session's own", () => {
  const launched = (change: Partial<LaunchOrder>) => gemini.launch(orderFor({ binary: "/bin/gemini", home: "/h", env: KEY, ...change }));
  const file = (change: Partial<LaunchOrder>, name: string) => {
    const found = launched(change).files?.find((one) => one.path === name);
    return found && "text" in found ? found.text : "";
  };
  test("settings, memory and servers of the user and the project are off, the role is a file", () => {
    const { argv, env } = launched({ rolePrompt: "ROLE" });
    expect(env).toMatchObject({ GEMINI_CLI_HOME: "/h", TMPDIR: "/h/tmp" });
    expect(argv.join(" ")).toContain("--allowed-mcp-server-names skep --extensions none");
    expect(JSON.parse(file({}, ".gemini/settings.json"))).toMatchObject({
      hooksConfig: { enabled: false },
      mcp: { allowed: ["skep"] },
      model: { maxSessionTurns: 50 },
    });
    expect(file({ rolePrompt: "ROLE" }, ".gemini/skep-role-of-this-session.md")).toBe("ROLE");
  });
  test("its own agents, plans and network tools are off in every preset, and each change is asked for unless all is allowed", () => {
    for (const preset of ["read-only", "guarded", "full"] as const) {
      const policy = file({ preset }, "policy.toml");
      for (const tool of ["invoke_agent", "web_fetch", "google_web_search", "ask_user", "write_todos"])
        expect(policy).toContain(`"${tool}"`);
      expect(policy.includes('decision = "ask_user"')).toBe(preset !== "full");
      expect(/"write_file","replace"\]\ndecision = "deny"/.test(policy)).toBe(preset === "read-only");
      expect(launched({ preset }).argv.includes("yolo")).toBe(preset === "full");
    }
  });
  test("a user's account is a link to where it is, and only without a key", () => {
    const links = (env: Record<string, string>) => launched({ env }).files?.flatMap((one) => ("linkTo" in one ? [one.linkTo] : []));
    expect(links({ HOME: "/home/me" })).toEqual(["/home/me/.gemini/oauth_creds.json", "/home/me/.gemini/google_accounts.json"]);
    expect(links(KEY)).toEqual([]);
  });
  test.each([
    ["hooks", "settings.json", '{"hooks":{}}', true],
    ["a command that names tools", "settings.json", '{"tools":{"discoveryCommand":"x"}}', true],
    ["what cannot be read", "settings.json", "{ // hooks", true],
    ["variables", ".env", "A=b", true],
    ["looks alone", "settings.json", '{"ui":{"theme":"x"},"context":{}}', false],
  ] as const)("[harness.gemini.project] a project with %s of its own", (_name, name, text, refused) => {
    const cwd = tempDir("seat");
    mkdirSync(path.join(cwd, ".gemini"));
    writeFileSync(path.join(cwd, ".gemini", name), text);
    const start = () => launched({ cwd });
    if (refused) expect(start).toThrow(expect.objectContaining({ code: "HARNESS_PROJECT" }));
    else expect(start).not.toThrow();
  });

  test("[harness.gemini.detect] version and sign-in decide", async () => {
    const folder = tempDir("gemini");
    writeFileSync(path.join(folder, "gemini"), "#!/bin/sh\necho 0.60.1\n", { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    expect(await gemini.detect(env)).toMatchObject({ found: false, why: expect.stringContaining("too old") });
    writeFileSync(path.join(folder, "gemini"), "#!/bin/sh\necho 0.61.0\n", { mode: 0o755 });
    expect(await gemini.detect(env)).toMatchObject({ found: false, why: expect.stringContaining("not signed in") });
    expect(await gemini.detect({ ...env, GEMINI_API_KEY: "x" })).toMatchObject({ found: true, version: "0.61.0" });
  });
});
