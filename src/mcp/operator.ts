/**
 * May this process speak for the user? Not when it descends from an agent's session: by the mark in its own or any
 * ancestor's environment, or because an ancestor is the very process of a live session. A guard rail: code of the same
 * user can still reach the files, which is what docs/security.md says.
 */
import { readFileSync } from "node:fs";
import { SkepError } from "../base/errors.ts";
import type { Proc } from "../domain/model.ts";
import type { Project } from "../engine/api.ts";
import { SESSION_MARK } from "../engine/session-mark.ts";
import { identify, thisProcess } from "../proc/identity.ts";

/** The process table, as far as it can be read. */
export interface ProcessTable {
  readonly self: number;
  readonly machine: string;
  readonly boot: string;
  /** null: no such process, or nobody may tell. */
  parent(pid: number): number | null;
  start(pid: number): string | null;
  /** The value of a variable the process was started with; null when it has none or cannot be read. */
  variable(pid: number, name: string): string | null;
}

/** Deeper than any real chain; a table that goes in circles ends here. */
const MOST_ANCESTORS = 64;

/** Projects this process was cleared for. A process never comes to descend from a session later than its birth. */
const CLEARED = new WeakSet<Project>();

/** Throws SESSION_PROCESS when this process descends from a session. Needs no project for the mark alone. */
export async function requireOperator(project: Project | null, table?: ProcessTable): Promise<void> {
  if (table) return look(project, table);
  if (project !== null && CLEARED.has(project)) return;
  await look(project, realTable());
  if (project !== null) CLEARED.add(project);
}

async function look(project: Project | null, table: ProcessTable): Promise<void> {
  const line = ancestry(table);
  const marked = line.map((pid) => table.variable(pid, SESSION_MARK)).find((mark) => mark !== null && mark !== "");
  if (marked !== undefined) throw forged();
  if (project === null) return;
  const own = new Map(line.map((pid) => [pid, table.start(pid)]));
  for (const proc of await liveSessions(project)) {
    if (proc.machine !== table.machine || proc.boot !== table.boot) continue;
    const start = own.get(proc.pid);
    if (start !== undefined && start !== null && start === proc.start) throw forged();
  }
}

function forged(): SkepError {
  const why = "this process was started by an agent's session, and an agent is never the operator";
  return new SkepError("SESSION_PROCESS", why, "use your own skep tools, whoami first; human_ask for what only a person decides");
}

/** This process and those it descends from, nearest first. */
function ancestry(table: ProcessTable): readonly number[] {
  const line: number[] = [];
  for (let pid: number | null = table.self; pid !== null && pid > 0 && line.length < MOST_ANCESTORS; pid = table.parent(pid)) {
    if (line.includes(pid)) break;
    line.push(pid);
  }
  return line;
}

/** Processes of sessions that run now, in every swarm that can be read, ended swarms included: their agents may outlive them. */
async function liveSessions(project: Project): Promise<readonly Proc[]> {
  const found: Proc[] = [];
  for (const id of await project.swarms()) {
    const handle = await project.open(id).catch(() => null);
    // A damaged swarm has no sessions anybody could prove; the mark still tells.
    if (!handle) continue;
    found.push(...(await handle.look((state) => [...state.sessions.values()].flatMap(({ proc }) => (proc === null ? [] : [{ ...proc }])))));
  }
  return found;
}

function realTable(): ProcessTable {
  const { pid, machine, boot } = thisProcess();
  return {
    self: pid,
    machine,
    boot,
    parent: (of) => (of === process.pid ? process.ppid : parentOf(of)),
    start: identify,
    variable: (of, name) => (of === process.pid ? (process.env[name] ?? null) : variableOf(of, name)),
  };
}

function parentOf(pid: number): number | null {
  const parent = Number(/^PPid:\s*(\d+)$/m.exec(readProc(pid, "status") ?? "")?.[1] ?? 0);
  return parent > 0 ? parent : null;
}

function variableOf(pid: number, name: string): string | null {
  const found = readProc(pid, "environ")
    ?.split("\0")
    .find((entry) => entry.startsWith(`${name}=`));
  return found === undefined ? null : found.slice(name.length + 1);
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null; // ended, another user's, or a system without /proc: the own environment and the parent are still looked at
  }
}
