/**
 * Carries lines to `opencode serve` and back: what the codec writes are HTTP requests, done one after another; what it reads
 * are the events of the server's event stream, the answers (`skep.http`), and where that stream broke (`skep.again`, `skep.lost`).
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
const MAX_ANSWER = 8 * 1024 * 1024;
/** Adding the MCP server waits for its answer; nothing else takes time. */
const ANSWER_MS = 60_000;
const AGAIN_MS = 200;
const MOST_FAILURES = 5;
/** What is still in its connections when the program has ended comes within this time. */
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
  // A connection each: one that is kept is closed by the server in a quiet minute, and the next message would be lost in it.
  const agent = new Agent({ keepAlive: false });
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
        events = followEvents(server);
      }
    }
    await events;
  }

  /**
   * The server closes a stream that says nothing for ten seconds, which its own heartbeat only just prevents: it is opened
   * again, and the codec told to look what went by meanwhile (`skep.again`). A server that cannot be reached is lost.
   */
  async function followEvents(base: URL): Promise<void> {
    let failures = 0;
    for (let again = false; ; again = true) {
      let why = "it ended";
      try {
        const response = await ask(new URL("/event", base), "GET", undefined, {});
        if (response.statusCode !== 200) throw new Error(`it was answered with ${response.statusCode}`);
        stream = response;
        for await (const line of splitLines(response, MAX_EVENT)) {
          if (!line.startsWith("data:")) continue;
          queue.push(line.slice(5).trimStart());
          failures = 0;
          if (again && !listening) queue.push(JSON.stringify({ type: "skep.again" }));
          listening = true;
          sendWaiting();
        }
      } catch (error) {
        why = describeError(error);
      }
      listening = false;
      failures += 1;
      // A stream that breaks because the program ends is told by that end.
      const ended = await Promise.race([program.exit.then(() => true), sleep(AGAIN_MS).then(() => false)]);
      if (ended || closing) return;
      if (failures > MOST_FAILURES) return queue.push(JSON.stringify({ type: "skep.lost", why }));
    }
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
      return { status: response.statusCode ?? 0, body: jsonOf(said) ?? clip(said, 2_000) };
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

function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return null; // nothing, or words
  }
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
