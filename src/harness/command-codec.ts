/**
 * A program that runs once per message: the codec makes its command line and reads its words; `command-runner.ts` runs it.
 * A message counts as taken up by the first line the program prints, or its good end.
 */
import path from "node:path";
import { type RunnerOrder, type RunnerReport, readReport } from "./command-protocol.ts";
import { type CommandSettings, type Fields, filled } from "./command-settings.ts";
import type { Codec, HarnessEvent, LaunchOrder, Problem, Usage } from "./harness.ts";
import { clip, count, isObject, jsonLine } from "./json-line.ts";
import { problemOf, resetIn } from "./problems.ts";

const MINUTE = 60_000;
const NO_MEMORY = "You have no memory of earlier messages: whoami and task_claim tell what you are working on.";

/** Files of a session, by the placeholder that names them. */
export const commandFiles = (home: string) => ({
  prompt_file: path.join(home, "prompt.md"),
  role_file: path.join(home, "role.md"),
  mcp_file: path.join(home, "mcp.json"),
});

export const placeholders = (order: LaunchOrder, session: string): Readonly<Record<string, string | undefined>> => ({
  ...commandFiles(order.home),
  session,
  model: order.model,
  home: order.home,
});

interface Turn {
  readonly id: string;
  started: boolean;
  said: string;
  error: string;
  last: string;
  usage: Usage;
}
const OUTPUT: HarnessEvent = { type: "alive", output: true };
const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: null };

export function commandCodec(order: LaunchOrder, settings: CommandSettings): Codec {
  let session = order.cliSession;
  /** Whether the program has something to go on with. */
  let memory = order.resume;
  let ready = false;
  let turn: Turn | null = null;
  const held: { readonly text: string; readonly id: string }[] = [];
  const fields = settings.output === "text" ? null : settings.output;

  function turnLine({ text, id }: { readonly text: string; readonly id: string }): string {
    const goesOn = memory && settings.resume !== undefined;
    const argv = goesOn && settings.resume ? settings.resume : settings.argv;
    const roleByFile = [...settings.argv, ...Object.values(settings.set)].some((word) => word.includes("{role_file}"));
    const parts = [goesOn || roleByFile ? "" : order.rolePrompt, settings.resume ? "" : NO_MEMORY, text];
    const prompt = parts.filter((part) => part !== "").join("\n\n");
    turn = { id, started: false, said: "", error: "", last: "", usage: NOTHING };
    const line: RunnerOrder = {
      type: "turn",
      id,
      argv: argv.map((word) => filled(word, placeholders(order, session))),
      stdin: settings.stdin === "prompt" ? prompt : null,
      file: { path: commandFiles(order.home).prompt_file, text: prompt },
      timeoutMs: settings.timeoutMinutes * MINUTE,
    };
    return JSON.stringify(line);
  }
  function next(): readonly string[] {
    const message = ready && !turn ? held.shift() : undefined;
    return message ? [turnLine(message)] : [];
  }
  const started = (now: Turn): readonly HarnessEvent[] => {
    if (now.started) return [];
    now.started = true;
    return [{ type: "turn_started" }];
  };

  function onReady(): readonly HarnessEvent[] {
    if (order.resume && settings.resume === undefined) {
      const message = "the program is given no way to go on with an earlier session";
      return [{ type: "broken", problem: { kind: "request", message, reset: null } }];
    }
    ready = true;
    const lines = next();
    return [{ type: "ready", cliSession: session, mcp: "unknown" }, ...(lines.length > 0 ? [{ type: "reply" as const, lines }] : [])];
  }

  function onLine(now: Turn, line: string): readonly HarnessEvent[] {
    const begun = started(now);
    if (line.trim() !== "") now.last = clip(line.trim(), 500);
    if (!fields) {
      now.said = clip(now.said === "" ? line : `${now.said}\n${line}`);
      return [...begun, OUTPUT];
    }
    const object = jsonLine(line);
    if (!object) return [...begun, { type: "noise", line: clip(line, 2_000) }];
    const told = at(object, fields.session);
    const named: readonly HarnessEvent[] = told !== "" && told !== session ? [{ type: "ready", cliSession: told, mcp: "unknown" }] : [];
    if (told !== "") {
      session = told;
      memory = true;
    }
    now.error = at(object, fields.error) || now.error;
    now.usage = usageOf(object, fields, now.usage);
    const text = clip(at(object, fields.text));
    if (text !== "") now.said = text;
    return [...begun, ...named, text === "" ? OUTPUT : { type: "text", text }];
  }

  function onExit(now: Turn, exit: Extract<RunnerReport, { type: "exit" }>): readonly HarnessEvent[] {
    turn = null;
    const { code, why } = exit;
    const failed = failure(now, exit);
    // A cut turn that had begun is one it can go on with.
    if (failed === null || (why === "cut" && now.started)) memory = true;
    const ok = failed === null;
    const words: readonly HarnessEvent[] = !fields && now.said.trim() !== "" ? [{ type: "text", text: now.said }] : [];
    const lines = next();
    const ended: HarnessEvent = {
      ...{ type: "turn_ended" as const, ok, text: now.said, error: failed, usage: now.usage },
      ...(ok || why === "cut" ? {} : { problem: problem(exit, failed, now) }),
    };
    const broken: readonly HarnessEvent[] =
      why === "not_started" ? [{ type: "broken", problem: { kind: "request", message: clip(failed ?? "", 299), reset: null } }] : [];
    const begun = code === 0 && ok ? started(now) : [];
    return [...begun, ...words, ended, ...broken, ...(lines.length > 0 ? [{ type: "reply" as const, lines }] : [])];
  }

  return {
    read(line) {
      const report = readReport(line);
      if (!report) return [{ type: "noise", line: clip(line, 2_000) }];
      if (report.type === "ready") return onReady();
      if (!turn || report.id !== turn.id) return [{ type: "alive" }];
      if (report.type === "out") return onLine(turn, report.line);
      return report.type === "exit" ? onExit(turn, report) : [{ type: "alive" }];
    },
    message(text, id) {
      held.push({ text, id });
      return next();
    },
    interrupt: () => (turn ? [JSON.stringify({ type: "cut" } satisfies RunnerOrder)] : []),
    end: () => [JSON.stringify({ type: "end" } satisfies RunnerOrder)],
  };
}

/** What went wrong, or null. */
function failure(now: Turn, { code, signal, why, stderr }: Extract<RunnerReport, { type: "exit" }>): string | null {
  if (why === "cut") return "interrupted";
  if (why === "timed_out") return "the program took longer than its turn may";
  if (why === "not_started") return `the program could not be started: ${clip(stderr, 300)}`;
  if (code === 0) return now.error === "" ? null : clip(now.error, 1_000);
  const how = signal === null ? `exit code ${code}` : `killed by ${signal}`;
  return clip(`${how}: ${now.error || lastLine(stderr) || now.last || "it said nothing"}`, 1_000);
}

function problem({ why }: Extract<RunnerReport, { type: "exit" }>, failed: string, now: Turn): Problem {
  const known = why === "ended" ? problemOf(0, failed, resetIn(failed)) : null;
  const message = clip(failed.replace(/\s+/g, " "), 299);
  return known ?? { kind: why === "not_started" || (why === "ended" && now.error !== "") ? "request" : "crash", message, reset: null };
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";

function usageOf(object: unknown, fields: Fields, before: Usage): Usage {
  const number = (name: string | undefined): number | null => (name === undefined ? null : count(valueAt(object, name)) || null);
  return {
    ...before,
    inputTokens: number(fields.inputTokens) ?? before.inputTokens,
    outputTokens: number(fields.outputTokens) ?? before.outputTokens,
    usd: number(fields.usd) ?? before.usd,
  };
}

function at(object: unknown, name: string | undefined): string {
  const value = name === undefined ? undefined : valueAt(object, name);
  return typeof value === "string" ? value : isObject(value) ? JSON.stringify(value) : "";
}
function valueAt(object: unknown, name: string): unknown {
  return name.split(".").reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return /^\d+$/.test(step) ? value[Number(step)] : undefined;
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, object);
}
