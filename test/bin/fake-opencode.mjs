#!/usr/bin/env node
/**
 * `opencode serve` as it looks from outside: the stream of $FAKE_STREAM as server-sent events, requests as lines. Orders of its
 * own: answer {path, status, body} for requests to come · drop cuts the event stream · reset cuts requests without an answer ·
 * gone closes the server. Deaf, it stops answering. Only a signal ends it.
 */
import { createServer } from "node:http";
import { replay } from "./replay.mjs";

const FRESH = "ses_fake0000000000000000000001";
const readers = new Set();
const backlog = [];
const answers = new Map();
let mode = "answering";
let onLine = () => {};

const http = createServer(async (request, response) => {
  const path = (request.url ?? "").split("?")[0];
  const [, given = ""] = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64")
    .toString()
    .split(":");
  if (given === "" || given !== process.env.OPENCODE_SERVER_PASSWORD) return response.writeHead(401).end();
  if (path === "/event") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    readers.add(response);
    response.write('data: {"type":"server.connected","properties":{}}\n\n');
    for (const text of backlog.splice(0)) response.write(text);
    return;
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (mode === "mute") return;
  if (mode === "reset") return request.socket.destroy();
  const { status = 200, body = null } = answers.get(path) ?? usual(request.method, path);
  // Answered first: what it leads to is told by the stream.
  response.writeHead(status, { "content-type": "application/json" }).end(body === null ? undefined : JSON.stringify(body));
  onLine(JSON.stringify({ method: request.method, path, body: text === "" ? undefined : JSON.parse(text) }));
});

function usual(method, path) {
  if (path === "/global/health") return { body: { healthy: true, version: "1.18.33" } };
  if (path === "/session" && method === "POST") return { body: { id: FRESH, version: "1.18.33" } };
  if (path === "/session/status") return { body: {} };
  if (path.endsWith("/message")) return { body: [] };
  const [, session] = /^\/session\/([^/]+)$/.exec(path) ?? [];
  if (session !== undefined) return { body: { id: decodeURIComponent(session) } };
  if (path === "/mcp") return { body: { skep: { status: "connected" } } };
  return path.endsWith("/prompt_async") ? { status: 204 } : { body: true };
}

function send(text) {
  for (const line of text.split("\n").filter(Boolean)) {
    const event = `data: ${line}\n\n`;
    if (readers.size === 0) backlog.push(event);
    for (const reader of readers) reader.write(event);
  }
}

const io = {
  listen(line) {
    onLine = line;
    http.listen(0, "127.0.0.1", () => process.stdout.write(`opencode server listening on http://127.0.0.1:${http.address().port}\n`));
  },
  write: send,
  deaf: () => {
    mode = "mute";
  },
  orders: {
    answer: ({ path, status, body }) => answers.set(path, { status, body }),
    drop: () => {
      for (const reader of readers) reader.end();
      readers.clear();
    },
    reset: () => {
      mode = "reset";
    },
    gone: () => {
      http.close();
      http.closeAllConnections();
      setInterval(() => {}, 60_000);
    },
  },
};

await replay(
  (line) => {
    const { path, body } = JSON.parse(line);
    const [, session] = /^\/session\/(ses_[^/]+|[0-9a-f-]{36})/.exec(path) ?? [];
    const known = session === undefined ? {} : { session: decodeURIComponent(session) };
    if (path.endsWith("/prompt_async")) return { what: "message", receipt: body.parts[0].id.replace(/^prt_/, ""), ...known };
    if (path.endsWith("/abort")) return { what: "interrupt" };
    return { what: path === "/mcp" ? "start" : "other", ...known };
  },
  FRESH,
  io,
);
