/**
 * Makes a fixture of a taped Codex session: `tsx test/clis/trim-codex.ts <tape> <fixture>`. What the adapter does not read goes
 * out, and so does what names a machine; what was sent becomes a `$` line, ids of messages become {{uuid:n}}.
 */
import { readFileSync, writeFileSync } from "node:fs";

type Line = Readonly<Record<string, unknown>>;
const DROPPED =
  /^(remoteControl|configWarning|account\/(updated|login)|thread\/(started|status|readState|goal)|mcpServer|skills|deprecation)/;
const ITEM = [
  "type",
  "id",
  "clientId",
  "text",
  "command",
  "status",
  "aggregatedOutput",
  "exitCode",
  "server",
  "tool",
  "arguments",
  "result",
];
const PARAMS = ["threadId", "turnId", "message", "tokenUsage", "willRetry", "error", "delta"];
const WAITS: Readonly<Record<string, string>> = {
  ...{ initialize: "start", "account/login/start": "start", "thread/start": "start", "thread/resume": "start" },
  ...{ "turn/start": "message", "turn/interrupt": "interrupt" },
};

const [tape = "", fixture = ""] = process.argv.slice(2);
const lines = readFileSync(tape, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);
const object = (value: unknown): Line => (typeof value === "object" && value !== null ? (value as Line) : {});
const pick = (from: Line, keys: readonly string[]): Line =>
  Object.fromEntries(keys.flatMap((key) => (from[key] ? [[key, from[key]]] : [])));

const sent = lines.flatMap((line) => (line.sent ? [object(line.sent)] : []));
const asked = object(sent.find(({ method }) => String(method).startsWith("thread/"))?.params);
const answered = object(object(lines.find(({ id }) => id === "skep-thread")?.result).thread);
const session = String(answered.id ?? asked.threadId ?? "none");
const tree = String(asked.cwd ?? "none");
const messages = [...new Set(sent.flatMap(({ params }) => object(params).clientUserMessageId ?? []))].map(String);

function kept(line: Line): Line | null {
  if (line.sent) {
    const what = WAITS[String(object(line.sent).method)];
    return what === undefined ? null : { $: "wait", for: what };
  }
  if (line.method === undefined) return { id: line.id, ...(line.error ? { error: line.error } : { result: result(object(line.result)) }) };
  if (DROPPED.test(String(line.method))) return null;
  const params = object(line.params);
  const parts = {
    item: pick(short(object(params.item)), ITEM),
    turn: turn(object(params.turn)),
    rateLimits: pick(object(params.rateLimits), ["primary", "secondary"]),
  };
  const there = Object.fromEntries(Object.entries(parts).filter(([name]) => params[name] !== undefined));
  return { method: line.method, params: { ...pick(params, PARAMS), ...there } };
}
/** Outputs of programs speak of the machine they ran on; only refusals of the sandbox are read. */
const short = (item: Line): Line => (/Read-only/.test(String(item.aggregatedOutput)) ? item : { ...item, aggregatedOutput: null });
const turn = (one: Line): Line => ({
  ...pick(one, ["id", "status", "error"]),
  items: Array.isArray(one.items) ? one.items.map((item) => pick(object(item), ITEM)) : [],
});
const result = (one: Line): Line => ({
  ...pick(one, ["model"]),
  ...(one.userAgent ? { userAgent: "skep/0.169.0 (Debian 12.0.0; x86_64) unknown (skep; 1)" } : {}),
  ...(one.thread ? { thread: pick(object(one.thread), ["id"]) } : {}),
  ...(one.turn ? { turn: pick(object(one.turn), ["id", "status"]) } : {}),
});

const out = lines.flatMap((line) => {
  const one = kept(line);
  if (!one) return [];
  let text = JSON.stringify(one).replaceAll(session, "{{session}}").replaceAll(tree, "/place/tree");
  text = text
    .replaceAll(tree.replace(/\/tree$/, ""), "/place")
    .replace(/\/tmp\/repo-\w+\/project/g, "/repo")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:9");
  messages.forEach((uuid, index) => {
    text = text.replaceAll(uuid, `{{uuid:${index + 1}}}`);
  });
  return [text];
});
writeFileSync(fixture, `${out.join("\n")}\n`);
