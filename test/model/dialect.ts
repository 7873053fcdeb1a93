/** One API that models are spoken to by, and the tools of the CLI that speaks it: all that differs between two driven CLIs. */
import type { ServerResponse } from "node:http";
import type { Call, Conversation } from "./conversation.ts";

export interface Dialect {
  /** Requests whose path ends in this are of this dialect. */
  readonly path: string;
  readonly tools: Toolbox;
  read(body: unknown): Conversation;
  /** Writes the whole answer; `n` is the number of the request, `gone` aborts when the client went away. */
  write(response: ServerResponse, conversation: Conversation, reply: Reply, n: number, gone: AbortSignal): Promise<void>;
  /** The body that goes with a status that means failure. */
  failure(status: number): unknown;
}

/** What the model says: words, then at most one call. */
export interface Reply {
  readonly text: string;
  readonly call: Use | null;
  readonly sleepMs: number;
  readonly fault: string | null;
}
export interface Use {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** How a CLI's own tools are called. */
export interface Toolbox {
  /** Stands before the names of skep's tools. */
  readonly prefix: string;
  /** The file that this call reads before an edit; absent where files are overwritten unread. */
  fileRead?(call: Call): string | null;
  read?(file: string): Use;
  /** Leaves `content` in the file. */
  write(file: string, content: string): Use;
  shell(argv: readonly string[]): Use;
  /** How a file is removed, where `rm -f` is not liked. */
  remove?(file: string): Use;
}

export const USAGE = { input: 100, output: 20 };

export function json(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** A command line as a shell takes it. */
export const commandLine = (argv: readonly string[]): string => argv.map(quoted).join(" ");
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
