/**
 * Makes a fixture of a recorded OpenCode session: `tsx test/clis/trim-opencode.ts <recording> <fixture>`. Answers to requests
 * go out (the fake gives its own), so do events no adapter reads and what names a machine; messages become {{uuid:n}}.
 */
import { readFileSync, writeFileSync } from "node:fs";

type Line = Record<string, unknown> & { readonly type?: string; readonly $?: string; readonly receipt?: string };
const KEPT = ["session.status", "session.idle", "session.error", "message.updated", "message.part.updated", "permission.asked"];
/** Words that say nothing the adapter reads and would carry the recording's places. */
const CLEARED = ["summary", "path", "metadata", "responseHeaders", "directory"];

const [recording = "", fixture = ""] = process.argv.slice(2);
const lines = readFileSync(recording, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);
const session = /"sessionID":"(ses_\w+)"/.exec(readFileSync(recording, "utf8"))?.[1] ?? "none";
const receipts = lines.flatMap(({ receipt }) => receipt ?? []);
const place = /"filePath":"(.+?)\/(?:src|old)/.exec(readFileSync(recording, "utf8"))?.[1] ?? "none";

/** The server's name of each message of ours: before its first mention the fake waits for the message. */
const waits = new Map(
  receipts.flatMap((receipt) => {
    const named = lines.find(({ type, properties }) => type === "message.part.updated" && JSON.stringify(properties).includes(receipt));
    const id = /"messageID":"(\w+)"/.exec(JSON.stringify(named ?? {}))?.[1];
    return id === undefined ? [] : [[id, JSON.stringify({ $: "wait", for: "message" })]];
  }),
);

const out = [JSON.stringify({ $: "wait", for: "start" })];
for (const line of lines) {
  if (line.$ === "wait" && line.for === "interrupt") out.push(JSON.stringify({ $: "wait", for: "interrupt" }));
  if (!KEPT.includes(line.type ?? "")) continue;
  const { id: _id, ...kept } = line;
  let text = JSON.stringify(kept, (key, value) => cleaned(key, value))
    .replaceAll(session, "{{session}}")
    .replaceAll(place, "/tree")
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:1");
  receipts.forEach((receipt, index) => {
    text = text.replaceAll(receipt, `{{uuid:${index + 1}}}`);
  });
  for (const [id, wait] of waits) if (text.includes(id) && waits.delete(id)) out.push(wait);
  if (text !== out.at(-1)) out.push(text);
}
/** What the commands of the session printed about the machine goes out as well. */
function cleaned(key: string, value: unknown): unknown {
  if (CLEARED.includes(key)) return undefined;
  return key === "output" && String(value).includes("PATH=") ? "PATH=/usr/bin:/bin\n" : value;
}
writeFileSync(fixture, `${out.join("\n")}\n`);
