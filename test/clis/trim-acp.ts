/**
 * Makes a fixture of a recorded ACP stream: `tsx test/clis/trim-acp.ts <recording> <fixture>`. What names a machine goes out,
 * long lists are cut; what the agent waited for becomes a `$` line, ids of prompts become {{last}}.
 */
import { readFileSync, writeFileSync } from "node:fs";

type Line = { id?: unknown; method?: string; result?: { stopReason?: string }; params?: { update?: Record<string, unknown> } };
const [recording = "", fixture = ""] = process.argv.slice(2);
const text = readFileSync(recording, "utf8").trim();
const session = /"sessionId":"([^"]+)"/.exec(text)?.[1] ?? "none";
const lines = text.split("\n").map((line) => JSON.parse(line) as Line);
/** Before the last answer of the handshake nothing is of a prompt: it is history that is told again. */
const begins = lines.findLastIndex(({ id }) => String(id).startsWith("skep-"));
const out: string[] = [];
const wait = (what: string): number => out.push(JSON.stringify({ $: "wait", for: what }));
/** Whether the agent is at work on a prompt. */
let busy = false;
for (const [index, line] of lines.entries()) {
  const update = line.params?.update;
  if (update?.availableCommands) update.availableCommands = [];
  const ofSession = update?.sessionUpdate === "available_commands_update";
  if (String(line.id).startsWith("skep-")) wait("start");
  else if (line.method === undefined) {
    if (line.result?.stopReason === "cancelled") wait("interrupt");
    else if (!busy) wait("message");
    busy = false;
    line.id = "{{last}}";
  } else if (!busy && !ofSession && index > begins) {
    wait("message");
    busy = true;
  }
  out.push(
    JSON.stringify(line)
      .replaceAll(session, "{{session}}")
      .replace(/(?:\/[\w.-]+)+\/tree\b/g, "{{cwd}}")
      .replace(/(?:\/[\w.-]+)+\/session\b/g, "/place/session"),
  );
  if (line.method === "session/request_permission") wait("answer");
}
writeFileSync(fixture, `${out.join("\n")}\n`);
