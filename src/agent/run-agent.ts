/**
 * The scripted agent: a program that behaves like an agent CLI in stream mode. The first line of stdin says who it is and
 * where its tools are; then messages come, and turns go out. The end of stdin lets the running turn finish.
 */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { describeError, SkepError } from "../base/errors.ts";
import type { Progress } from "./interpreter.ts";
import { readPlaybook } from "./playbook-file.ts";
import { progressFile } from "./progress-file.ts";
import { type Output, readInput, type StartOrder } from "./protocol.ts";
import { connectTools } from "./tool-client.ts";
import { type Message, runTurn, type Session } from "./turns.ts";

/** @returns the exit code. */
export async function runScriptedAgent(stdin: Readable, stdout: Writable, stderr: Writable): Promise<number> {
  const fatal = new AbortController();
  // Nobody reads any more: the host is gone, and so is everything this agent is for.
  stdout.on("error", () => fatal.abort());
  const write = (line: Output): void => void stdout.write(`${JSON.stringify(line)}\n`);
  const inbox = openInbox(stdin, fatal.signal);
  try {
    const first = await inbox.first();
    if (first?.type !== "start") throw new SkepError("AGENT_START", "the first line is not a start order", "start it through skep");
    return await live(first, inbox, write, fatal.signal);
  } catch (error) {
    stderr.write(`${describeError(error)}\n`);
    return 1;
  }
}

async function live(order: StartOrder, inbox: Inbox, write: (line: Output) => void, fatal: AbortSignal): Promise<number> {
  const playbook = await readPlaybook(order.playbook);
  const file = progressFile(order.state, order.session);
  let progress: Progress = await file.load();
  const tools = await connectTools(order.mcp.url, order.mcp.token, fatal).catch((error: unknown) => {
    write({ type: "ready", session: order.session, mcp: "failed", why: describeError(error) });
    throw error;
  });
  write({ type: "ready", session: order.session, mcp: "connected" });
  const session: Session = { playbook, file, tools, cwd: process.cwd(), write, arrived: () => inbox.drain() };
  for (let message = await inbox.next(); message && !fatal.aborted; message = await inbox.next()) {
    const signal = AbortSignal.any([fatal, inbox.interruption()]);
    progress = await runTurn(session, progress, message, signal);
  }
  await tools.close();
  return fatal.aborted ? 1 : 0;
}

interface Inbox {
  first(): Promise<ReturnType<typeof readInput>>;
  /** The next message, null when none will come. */
  next(): Promise<Message | null>;
  drain(): readonly Message[];
  /** Aborts when an interrupt comes from now on. */
  interruption(): AbortSignal;
}

function openInbox(stdin: Readable, fatal: AbortSignal): Inbox {
  const waiting: Message[] = [];
  let closed = false;
  let interrupt = new AbortController();
  let wake = (): void => {};
  let gotFirst: (input: ReturnType<typeof readInput>) => void = () => {};
  const first = new Promise<ReturnType<typeof readInput>>((resolve) => {
    gotFirst = resolve;
  });
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  const close = (): void => {
    closed = true;
    gotFirst(null);
    wake();
  };
  fatal.addEventListener("abort", () => {
    close();
    lines.close();
  });
  lines.on("close", close);
  lines.on("line", (line) => {
    const input = readInput(line);
    gotFirst(input);
    if (input?.type === "message") waiting.push(input);
    // An urgent message ends the running turn at once; the message then goes on with the step that was cut.
    if (input?.type === "interrupt" || (input?.type === "message" && input.urgency === "now")) interrupt.abort();
    if (input?.type === "end") close();
    wake();
  });
  return {
    first: () => first,
    async next() {
      while (waiting.length === 0 && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift() ?? null;
    },
    drain: () => waiting.splice(0),
    interruption() {
      interrupt = new AbortController();
      return interrupt.signal;
    },
  };
}
