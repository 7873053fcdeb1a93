/** Every MCP client whose settings skep can edit: one file and one line each. */
import { quote } from "../../../base/errors.ts";
import { nearest } from "../../../base/nearest.ts";
import { UsageError } from "../../shell/exit.ts";
import { claude } from "./claude.ts";
import type { Client } from "./client.ts";
import { codex } from "./codex.ts";
import { cursor } from "./cursor.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { vscode } from "./vscode.ts";

export const CLIENTS = { claude, codex, cursor, gemini, opencode, vscode } as const satisfies Readonly<Record<string, Client>>;
export type ClientId = keyof typeof CLIENTS;

export const clientIds = Object.keys(CLIENTS) as readonly ClientId[];

/** `claude,codex` and repeated options alike. Throws a usage error that names the near miss. */
export function clientsNamed(words: readonly string[]): readonly ClientId[] {
  const names = words.flatMap((word) => word.split(",")).map((name) => name.trim());
  return clientIds.filter((id) => names.map(known).includes(id));
}

function known(name: string): ClientId {
  const found = clientIds.find((id) => id === name);
  if (found) return found;
  const meant = nearest(name, clientIds);
  throw new UsageError(
    `there is no client ${quote(name, 40)}; known are ${clientIds.join(", ")}`,
    meant ? `skep init --client ${meant}` : "skep init --help",
  );
}
