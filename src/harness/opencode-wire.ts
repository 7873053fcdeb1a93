/**
 * Carries lines to `opencode serve` and back: what the codec writes are HTTP requests, done one after another; what it reads
 * are the events of the server's one event stream, the answers (`skep.http`) and the end of that stream (`skep.lost`).
 */
import { Agent, type IncomingMessage, type RequestOptions, request } from "node:http";
import { sleep, systemClock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { sha256 } from "../base/ids.ts";
import { splitLines } from "../proc/output.ts";
import type { LaunchOrder, OpenWire, Wire } from "./harness.ts";
import { clip, jsonLine, text } from "./json-line.ts";

const USER = "opencode";
/** Longest event that is handed on whole. */
const MAX_EVENT = 8 * 1024 * 1024;
const MAX_ANSWER = 1024 * 1024;
/** Adding the MCP server waits for its answer; nothing else takes time. */
const ANSWER_MS = 60_000;
/** A stream that breaks because the program ends is told by that end, which comes about now. */
const SETTLE_MS = 1_000;
/** From SIGTERM to SIGKILL: it keeps nothing open that a signal could break. */
const END_MS = 3_000;

/**
 * The server's password, made anew for each run from that run's token, which does not follow from it. OpenCode takes it from
 * its environment alone; the shell it runs commands in is one that drops it.
 */
export const serverPassword = ({ mcp }: Pick<LaunchOrder, "mcp">): string => sha256(`opencode server ${mcp.token}`);

export const opencodeWire: OpenWire = (program, order): Wire => {
  const queue = lineQueue();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = {
    authorization: `Basic ${Buffer.from(`${USER}:${serverPassword(order)}`).toString("base64")}`,
    "content-type": "application/json",
    "x-opencode-directory": encodeURIComponent(order.cwd),
  };
  const waiting: string[] = [];
  let server: URL | null = null;
  let listening = false;
  let sending: Promise<void> | null = null;
  let closing = false;
  let stream: IncomingMessage | null = null;

  async function readOutput(): Promise<void> {
    let events: Promise<void> | null = null;
    for await (const line of program.lines) {
      const address = server === null ? /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1] : undefined;
      if (address === undefined) queue.push(line);
      else {
        server = new URL(address);
        events = readEvents(server);
      }
    }
    await events;
  }

  /** Events that went by unseen could be the end of a turn: a stream that breaks is the end of the session. */
  async function readEvents(base: URL): Promise<void> {
    let why = "it ended";
    try {
      const response = await ask(new URL("/event", base), "GET", undefined, {});
      stream = response;
      if (response.statusCode !== 200) throw new Error(`it was answered with ${response.statusCode}`);
      for await (const line of splitLines(response, MAX_EVENT)) {
        if (!line.startsWith("data:")) continue;
        queue.push(line.slice(5).trimStart());
        listening = true;
        sendWaiting();
      }
    } catch (error) {
      why = describeError(error);
    }
    const ended = await Promise.race([program.exit.then(() => true), sleep(SETTLE_MS).then(() => false)]);
    if (!ended && !closing) queue.push(JSON.stringify({ type: "skep.lost", why }));
  }

  function ask(url: URL, method: string, body: string | undefined, connection: RequestOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, ...connection }, resolve);
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${ANSWER_MS / 1_000} s`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }

  function sendWaiting(): void {
    if (!listening || sending !== null) return;
    sending = sendAll().finally(() => {
      sending = null;
    });
  }
  async function sendAll(): Promise<void> {
    for (let line = waiting.shift(); line !== undefined && server !== null; line = waiting.shift()) {
      const { id, method, path, body } = jsonLine(line) ?? {};
      const answer = await answerOf(new URL(text(path), server), text(method), body);
      queue.push(JSON.stringify({ type: "skep.http", id, ...answer }));
    }
  }
  async function answerOf(url: URL, method: string, body: unknown): Promise<{ status: number; body: unknown }> {
    try {
      const response = await ask(url, method, body === undefined ? undefined : JSON.stringify(body), { agent, timeout: ANSWER_MS });
      const said = await textOf(response);
      return { status: response.statusCode ?? 0, body: jsonLine(said) ?? clip(said, 2_000) };
    } catch (error) {
      return { status: 0, body: describeError(error) };
    }
  }

  // What was read of a program that ended still counts; nothing that holds a connection of its may delay the end.
  void program.exit.then(() =>
    systemClock.after(SETTLE_MS, () => {
      stream?.destroy();
      agent.destroy();
    }),
  );
  void readOutput()
    .catch((error: unknown) => queue.push(JSON.stringify({ type: "skep.lost", why: describeError(error) })))
    .then(() => sending)
    .then(() => queue.end());

  return {
    lines: queue.lines,
    write(line) {
      if (closing) return;
      waiting.push(line);
      sendWaiting();
    },
    close() {
      if (closing) return;
      closing = true;
      waiting.length = 0;
      // Nothing but a signal ends it; its connections end with it.
      void program.end(END_MS);
    },
  };
};

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_ANSWER) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Lines of several writers for one reader. */
function lineQueue() {
  const kept: string[] = [];
  let over = false;
  let wake = (): void => undefined;
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      for (let line = kept.shift(); line !== undefined; line = kept.shift()) yield line;
      if (over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    lines: lines(),
    push(line: string) {
      kept.push(line);
      wake();
    },
    end() {
      over = true;
      wake();
    },
  };
}
