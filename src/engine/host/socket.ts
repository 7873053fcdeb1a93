/**
 * The host's port and the question "who are you" that every host answers on it. Binding is what makes a host the only one:
 * the operating system gives a port to one process and takes it back when that dies.
 */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sha256 } from "../../base/ids.ts";
import { randomBelow } from "../../base/random.ts";
import { CROWD } from "./crowd.ts";

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface HostSocket {
  readonly port: number;
  /** From now on requests are answered; those that came earlier waited. */
  open(listener: Listener): void;
  close(): Promise<void>;
}

/** What a host says about itself. */
export interface Sign {
  /** Which project it serves; a path is nobody else's business. */
  readonly home: string;
  /** The id of its process run. */
  readonly holder: string;
  /** False while it still takes over. */
  readonly ready: boolean;
}

const SIGN_PATH = "/skep/host";
const PROBE_MS = 500;
/**
 * Below the range systems pick outgoing ports from: there a client that keeps calling a host which is down can be given
 * the host's own port and then talks to itself, and the returning host finds its port taken.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;
const TRIES = 50;

export const homeMark = (home: string): string => sha256(home).slice(0, 32);

/** null when the port is taken. */
export async function listenOn(port: number, home: string, holder: string): Promise<HostSocket | null> {
  const waiting: (readonly [IncomingMessage, ServerResponse])[] = [];
  let listener: Listener | null = null;
  const server = createServer((incoming, response) => {
    if (incoming.url === SIGN_PATH) {
      const sign: Sign = { home: homeMark(home), holder, ready: listener !== null };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(sign));
    } else if (listener) listener(incoming, response);
    else waiting.push([incoming, response]);
  });
  server.maxConnections = CROWD.connections;
  server.headersTimeout = CROWD.headerMs;
  server.requestTimeout = CROWD.requestMs;
  if (!(await bind(server, port))) return null;
  return {
    port: (server.address() as AddressInfo).port,
    open(opened) {
      listener = opened;
      for (const [incoming, response] of waiting.splice(0)) opened(incoming, response);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function listenAnywhere(home: string, holder: string): Promise<HostSocket> {
  for (let tries = 0; tries < TRIES; tries++) {
    const socket = await listenOn(FIRST_PORT + randomBelow(LAST_PORT - FIRST_PORT + 1), home, holder);
    if (socket) return socket;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT} after ${TRIES} tries`);
}

function bind(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
}

/**
 * Asks who listens on `port`. "stranger": something answered, and it is no host of skep. "silent": nothing listens, or
 * what listens does not answer in time.
 */
export function askSign(port: number): Promise<Sign | "stranger" | "silent"> {
  return new Promise((resolve) => {
    const ask = request({ host: "127.0.0.1", port, path: SIGN_PATH, agent: false, signal: AbortSignal.timeout(PROBE_MS) }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
        if (text.length > 1_000) response.destroy();
      });
      response.on("error", () => resolve("stranger"));
      response.on("close", () => resolve(parseSign(text) ?? "stranger"));
    });
    ask.on("error", (error: NodeJS.ErrnoException) => resolve(error.code?.startsWith("HPE_") ? "stranger" : "silent"));
    ask.end();
  });
}

function parseSign(text: string): Sign | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const { home, holder, ready } = value as Partial<Record<keyof Sign, unknown>>;
    return typeof home === "string" && typeof holder === "string" && typeof ready === "boolean" ? { home, holder, ready } : null;
  } catch {
    return null; // whatever it is, it is not one of ours
  }
}
