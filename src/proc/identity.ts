/**
 * Tells one run of a process from a later one with the same pid: machine, boot, pid and start time together.
 * Linux reads /proc; elsewhere `ps` answers as well as it can.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { mintUuid } from "../base/ids.ts";

export interface ProcessIdentity {
  /** Random per process run. */
  readonly id: string;
  readonly machine: string;
  readonly boot: string;
  readonly pid: number;
  /** Start time in the machine's own words; only equality means anything. */
  readonly start: string;
}

const ID = mintUuid();
let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  own ??= { id: ID, machine: machine(), boot: boot(), pid: process.pid, start: identify(process.pid) ?? "unknown" };
  return own;
}

/** The start of the running process `pid`; null when there is none or only a zombie is left of it. */
export function identify(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Whether `pid` is still the process that started at `start`, and runs. */
export function isSame(pid: number, start: string): boolean {
  return identify(pid) === start;
}

/** "unknown" when the process belongs to a place this one cannot look into. */
export function isAlive(who: ProcessIdentity): "yes" | "no" | "unknown" {
  const me = thisProcess();
  if (who.machine !== me.machine) return "unknown";
  if (who.boot !== me.boot) return "no";
  return isSame(who.pid, who.start) ? "yes" : "no";
}

/** Containers may share a host name and a boot, yet not see each other's pids: the pid namespace is part of the name. */
function machine(): string {
  if (process.platform !== "linux") return hostname();
  return `${hostname()}/${readlinkSync("/proc/self/ns/pid").replace(/\D+/g, "")}`;
}

function boot(): string {
  if (process.platform === "linux") return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return ask("sysctl", ["-n", "kern.boottime"]) ?? "unknown";
}

/** Field 22 of /proc/<pid>/stat. The name in field 2 may hold spaces and parentheses: count from the last one. */
function fromProc(pid: number): string | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null; // no such process (ENOENT, or ESRCH while it ends)
  }
  return parseStat(text);
}

/** The start time in what stands in /proc/<pid>/stat; null for a zombie. Names such as `a) Z (b` have fooled parsers. */
export function parseStat(text: string): string | null {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X" || state === "x") return null;
  return fields[19] ?? null;
}

function fromPs(pid: number): string | null {
  const line = ask("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
  if (!line) return null;
  const [state = "", ...start] = line.split(/\s+/);
  return state.startsWith("Z") ? null : start.join(" ");
}

function ask(program: string, args: readonly string[]): string | null {
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env.PATH, LC_ALL: "C" },
    }).trim();
  } catch {
    return null; // ps exits with 1 when there is no such process
  }
}
