/**
 * What the scripted model says next: the same interpreter as the scripted agent's, its progress folded anew from the
 * conversation of each request. So a resumed session goes on where its transcript ends, and the server keeps nothing.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Action, begin, next, type Outcome, type Progress, START, settle, type ToolAnswer } from "../../src/agent/interpreter.ts";
import type { Playbook } from "../../src/agent/playbook.ts";
import { changed } from "../../src/agent/work.ts";
import type { Call, Conversation } from "./conversation.ts";
import type { Reply, Toolbox } from "./dialect.ts";

export function decideReply(playbook: Playbook, tools: Toolbox, conversation: Conversation): Reply {
  // Side requests (titles, summaries) are offered no tools of ours.
  if (!conversation.tools.includes(`${tools.prefix}whoami`)) return { text: "ok", call: null, sleepMs: 0, fault: null };
  const folded = fold(playbook, tools, conversation);
  const { progress, text, sleepMs } = skip(playbook, folded.progress);
  const action = next(playbook, progress);
  if (action.do === "end") return { text: action.fault ?? (text || action.text), call: null, sleepMs, fault: action.fault };
  if (action.do === "rest") return { text: "Nothing was asked.", call: null, sleepMs, fault: null };
  return { text, call: useFor(action, tools, conversation.cwd ?? "/nowhere", folded.wasRead), sleepMs, fault: null };
}

interface Folded {
  readonly progress: Progress;
  /** The file the CLI read for the step that comes next. */
  readonly wasRead: string | null;
}

function fold(playbook: Playbook, tools: Toolbox, { items }: Conversation): Folded {
  let progress = START;
  let wasRead: string | null = null;
  const calls = new Map<string, Call>();
  for (const item of items) {
    if (item.kind === "message") progress = begin(progress, item.text);
    if (item.kind === "model") {
      for (const call of item.calls) calls.set(call.id, call);
      if (item.calls.length === 0) progress = ended(playbook, progress);
    }
    if (item.kind !== "result") continue;
    const call = calls.get(item.id);
    const file = call && !item.isError ? (tools.fileRead?.(call) ?? null) : null;
    wasRead = file;
    if (file !== null) continue;
    const at = skip(playbook, progress).progress;
    const action = next(playbook, at);
    progress = settle(playbook, at, action, outcomeOf(action, item));
  }
  return { progress, wasRead };
}

function ended(playbook: Playbook, progress: Progress): Progress {
  const at = skip(playbook, progress).progress;
  const action = next(playbook, at);
  return action.do === "end" ? settle(playbook, at, action, null) : at;
}

/** Steps a model does not call a tool for: words go with the next call, sleep is a slow answer, a crash is left out. */
function skip(playbook: Playbook, from: Progress): { progress: Progress; text: string; sleepMs: number } {
  let progress = from;
  const words: string[] = [];
  let sleepMs = 0;
  for (;;) {
    const action = next(playbook, progress);
    if (action.do === "say") words.push(action.text);
    else if (action.do === "sleep") sleepMs += action.ms;
    else if (action.do !== "crash") return { progress, text: words.join("\n"), sleepMs };
    progress = settle(playbook, progress, action, null);
  }
}

function outcomeOf(action: Action, { isError, text }: { isError: boolean; text: string }): Outcome {
  if (action.do !== "call") return { ok: !isError, detail: text };
  const code = isError ? (/^([A-Z][A-Z0-9_]+):/.exec(text)?.[1] ?? null) : null;
  const answer: ToolAnswer = { isError, code, text, structured: asJson(text) };
  return { answer };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // prose
  }
}

function useFor(action: Action, tools: Toolbox, cwd: string, wasRead: string | null): Reply["call"] {
  switch (action.do) {
    case "call":
      return { name: tools.prefix + action.tool, input: action.args };
    case "edit": {
      const file = path.resolve(cwd, action.path);
      const before = existsSync(file) ? readFileSync(file, "utf8") : null;
      if (before !== null && tools.read && wasRead !== file) return tools.read(file);
      return tools.write(file, changed(before, action.change));
    }
    case "remove":
      return tools.remove?.(action.path) ?? tools.shell(["rm", "-f", "--", action.path]);
    case "run":
      return tools.shell(action.argv);
    default:
      throw new Error(`no tool for ${action.do}`);
  }
}
