/** A line of a transcript for a person. What an agent or a program wrote stays marked as theirs, and cannot draw on the terminal. */
import { framed, inline } from "../../domain/foreign.ts";
import type { Usage } from "../../harness/harness.ts";
import type { Terminal } from "../shell/terminal.ts";
import type { Told } from "./transcripts.ts";

const MOST_WORDS = 16_000;

export function transcriptText({ session, line }: Told, { paint }: Pick<Terminal, "paint">): string {
  const head = paint("dim", `${new Date(line.at).toISOString().slice(11, 19)} ${session}`);
  const block = (title: string, text: string): string => [`${head} ${title}`, framed(text, MOST_WORDS)].filter(Boolean).join("\n");
  switch (line.type) {
    case "started": {
      const model = line.model === null ? "" : `, ${inline(line.model, 60)}`;
      return `${head} ${paint("bold", `${line.resumed ? "goes on" : "begins"}: ${line.seat} on ${line.harness}${model}`)}`;
    }
    case "ready":
      return `${head} ${paint("dim", `is up, its tools are ${inline(line.mcp, 20)}; the CLI calls this session ${inline(line.cli, 80)}`)}`;
    case "message":
      return block(paint("cyan", line.urgency === "now" ? "is told at once" : "is told"), line.text);
    case "text":
      return block(paint("green", "says"), line.text);
    case "tool":
      return `${head} ${paint("bold", `calls ${inline(line.name, 80)}`)} ${inline(line.input, 400)}`;
    case "tool_result":
      return `${head} ${paint(line.ok ? "dim" : "red", `${inline(line.name, 80) || "a tool"} ${line.ok ? "answers" : "fails"}:`)} ${inline(line.text, 400)}`;
    case "denied":
      return `${head} ${paint("red", `is denied ${inline(line.tool, 80)}:`)} ${inline(line.why, 400)}`;
    case "retry":
      return `${head} ${paint("yellow", "retries its model:")} ${inline(line.why, 400)}`;
    case "turn_ended":
      return `${head} ${line.ok ? "ends its turn" : paint("red", `its turn failed: ${inline(line.error ?? "no reason given", 400)}`)} ${paint("dim", spent(line.usage))}`;
    case "broken":
      return `${head} ${paint("red", `is of no use any more: ${inline(line.kind, 40)}: ${inline(line.message, 400)}`)}`;
    case "exit": {
      const how = line.signal === null ? `with code ${line.code}` : `by ${inline(line.signal, 20)}`;
      const unread = line.unreadable > 0 ? `, ${line.unreadable} lines were no events` : "";
      return block(paint("dim", `its program ended ${how}${unread}`), line.stderr);
    }
    case "cut":
      return `${head} ${paint("yellow", `[the transcript is full at ${line.bytes} bytes: only the ends of turns and runs follow]`)}`;
    case "lost":
      return `${head} ${paint("yellow", `[${line.lines} lines are missing here: ${inline(line.why, 200)}]`)}`;
    default:
      // Written by a later version.
      return `${head} ${paint("dim", inline(JSON.stringify(line), 200))}`;
  }
}

function spent({ inputTokens, outputTokens, cachedTokens, usd, estimated }: Usage): string {
  const n = (count: number): string => count.toLocaleString("en-US");
  const money = usd === null ? "" : `, ${estimated ? "about " : ""}$${usd.toFixed(4)}`;
  return `(${n(inputTokens)} in, ${n(cachedTokens)} cached, ${n(outputTokens)} out${money})`;
}
