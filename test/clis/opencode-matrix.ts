/** Driver: what each preset lets the real OpenCode do, call by call, in a linked worktree. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Preset } from "../../src/harness/harness.ts";
import { chat } from "../model/chat.ts";
import { startToolServer } from "../support/tool-server.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { makeHome, makeTree, orderFor, start } from "./opencode-kit.ts";

requireLoopbackOnly();
const [bin = ""] = process.argv.slice(2);
const place = process.cwd();
const tree = path.join(place, "tree");
const outside = path.join(place, "outside.txt");
makeHome(path.join(place, "home"));
makeTree(path.join(place, "repo"), tree);
writeFileSync(outside, "SECRET OUTSIDE\n");

type Input = Readonly<Record<string, unknown>>;
const bash = (command: string): readonly [string, Input] => ["bash", { command, description: "try" }];
const write = (file: string): readonly [string, Input] => ["write", { filePath: path.resolve(tree, file), content: "written\n" }];
/** Name of the try → the call. */
const TRIES: Readonly<Record<string, readonly [string, Input]>> = {
  "write inside": write("new.txt"),
  "write .git": write(".git"),
  "write .opencode": write(".opencode/plugin/x.js"),
  "write opencode.json": write("opencode.json"),
  "write .claude": write(".claude/x.json"),
  "write .skep": write(".skep/config.yaml"),
  "write hooks": write("../repo/.git/hooks/post-commit"),
  "write outside": write("../outside.txt"),
  "write above": write("../other/x.txt"),
  "read inside": ["read", { filePath: path.join(tree, "old.txt") }],
  "read .env": ["read", { filePath: path.join(tree, ".env") }],
  "read outside": ["read", { filePath: outside }],
  "cat inside": bash("cat old.txt"),
  "cat outside": bash(`cat ${outside}`),
  head: bash(`head ${outside}`),
  "npm test": bash("npm test"),
  "npm test && curl": bash("npm test && curl http://127.0.0.1/"),
  "npm test with a substitution": bash("npm test $(touch ../substituted)"),
  "git status": bash("git status --short"),
  "git diff": bash("git diff"),
  "git diff --output": bash("git diff --output=../diffed"),
  "git diff redirected": bash("git diff > ../redirected"),
  "git log redirected inside": bash("git log>.git"),
  "cat into a file": bash("cat old.txt > ../catted"),
  "cat with a substitution": bash("cat `touch ../ticked`"),
  "git add": bash("git add new.txt"),
  "git commit": bash("git commit -q -m try"),
  "git -C": bash("git -C ../repo status"),
  "git push": bash("git push"),
  "git config": bash("git config alias.x '!touch ../aliased'"),
  curl: bash("curl http://127.0.0.1/"),
  "cd away": bash("cd .. && git status"),
  env: bash("env FOO=1 git status"),
  "rm outside": bash(`rm ${outside}`),
  "other workdir": ["bash", { command: "git status --short", description: "try", workdir: place }],
  task: ["task", { description: "x", prompt: "x", subagent_type: "general" }],
  todowrite: ["todowrite", { todos: [] }],
  question: ["question", { questions: [] }],
  webfetch: ["webfetch", { url: "http://127.0.0.1/", format: "text" }],
  skill: ["skill", { name: "x" }],
  mcp: ["skep_whoami", {}],
  "mcp again": ["skep_whoami", {}],
  "mcp a third time": ["skep_whoami", {}],
  "mcp a fourth time": ["skep_whoami", {}],
};

const names = Object.keys(TRIES);
let offered: readonly string[] = [];
const http = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const conversation = chat.read(JSON.parse(body));
  offered = conversation.tools;
  const n = conversation.items.filter(({ kind }) => kind === "model").length;
  const [name, input] = TRIES[names[n] ?? ""] ?? ["", {}];
  const call = name === "" ? null : { name, input };
  await chat.write(
    response,
    conversation,
    { text: call ? "" : "all tried", call, sleepMs: 0, fault: null },
    n,
    new AbortController().signal,
  );
});
await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
const tools = await startToolServer({ whoami: () => "somebody" }, { tokens: ["token"] });
const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
const order = await orderFor(bin, place, url, { url: tools.url, token: "token" });

async function tried(preset: Preset): Promise<unknown> {
  execFileSync("git", ["config", "user.email", "t@skep.invalid"], { cwd: tree });
  execFileSync("git", ["config", "user.name", "t"], { cwd: tree });
  const limits = { steps: 100, usd: null };
  const commands = preset === "full" ? [] : [["npm", "test"]];
  const session = await start(preset, { ...order, preset, commands, limits, home: path.join(place, preset) });
  await session.say("Try.");
  const end = await session.see("turn_ended");
  await session.stop(5_000);
  const results = session.of("tool_result").map(({ ok, text }) => (ok ? "ok" : text.slice(0, 60)));
  const denied = session.of("denied").length;
  const table = Object.fromEntries(names.map((name, index) => [name, results[index] === "ok" ? "ok" : "no"]));
  return { ok: end.ok, text: end.text, error: end.error, table, words: results, denied, offered };
}

const readOnly = await tried("read-only");
const after = existsSync(path.join(tree, "new.txt"));
const guarded = await tried("guarded");
finish({
  "read-only": readOnly,
  "read-only wrote": after,
  guarded,
  leaked: ["substituted", "diffed", "redirected", "catted", "ticked", "aliased", "other/x.txt"].filter((name) =>
    existsSync(path.join(place, name)),
  ),
  outside: readFileSync(outside, "utf8"),
  gitFile: readFileSync(path.join(tree, ".git"), "utf8").startsWith("gitdir: "),
  commit: execFileSync("git", ["log", "-1", "--format=%s"], { cwd: tree, encoding: "utf8" }).trim(),
  full: await tried("full"),
});
http.close();
http.closeAllConnections();
await tools.close();
