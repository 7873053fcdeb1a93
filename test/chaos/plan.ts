/** What goes wrong in a chaos run, as data made of a seed: the same seed gives the same plan, and any part of a plan is one. */
import { seeded } from "../store/support/seeded.ts";
import { FAILPOINTS } from "./all-failpoints.ts";
import type { Act, Program } from "./control.ts";
import { type Failpoint, isEarly, operationAt } from "./failpoints.ts";
import { PLAYBOOKS, type PlaybookName } from "./playbooks.ts";

export type Fault =
  /** At a moment nobody chose. */
  | { readonly kind: "kill"; readonly who: Program | "agent" }
  | { readonly kind: "failpoint"; readonly point: Failpoint; readonly who: Program | "any"; readonly act: Act }
  /** Longer than its lease lives without a beat; meanwhile another host is started. */
  | { readonly kind: "stop"; readonly who: "host" | "mcp"; readonly ms: number }
  /** Every write of every process meets a full disk, or one that fails. */
  | { readonly kind: "disk"; readonly errno: "ENOSPC" | "EIO"; readonly ms: number }
  | { readonly kind: "clock"; readonly ms: number }
  | { readonly kind: "locks"; readonly how: "delete" | "leave" }
  | { readonly kind: "two-hosts"; readonly killed: boolean }
  /** The beginning of a line, as a writer leaves it that dies within its write. */
  | { readonly kind: "torn-tail"; readonly bytes: number; readonly zeros: boolean };
export type FaultKind = Fault["kind"];

export interface Blow {
  readonly fault: Fault;
  /** Commits of the swarm since the blow before; at most some seconds are waited for them. */
  readonly after: number;
}
export interface Round {
  readonly playbook: PlaybookName;
  readonly blows: readonly Blow[];
}
export interface Plan {
  readonly seed: number;
  readonly rounds: readonly Round[];
}

/** A keeper starts a host again five times in ten minutes and then asks a person: a round stays below that. */
export const MOST_HOST_DEATHS = 4;
const DEATHS_PER_ROUND = 9;
const OTHERS_PER_ROUND = 3;
/** Nothing of the main job takes so long; limits of minutes come due all the same. */
const CLOCK_STEPS = [-3_600_000, -5_000, 5_000, 70_000, 660_000];

/** Whether the fault ends a process of its own accord. */
export const isDeath = (fault: Fault): boolean =>
  fault.kind === "kill" || (fault.kind === "failpoint" && (fault.act === "kill" || fault.act === "tear"));

/** Whether the host may not survive it: not all that counts is a death. */
export function costsHost(fault: Fault): boolean {
  switch (fault.kind) {
    case "kill":
      return fault.who === "host" || fault.who === "keeper";
    case "failpoint":
      return fault.who === "host" || fault.who === "any" || fault.who === "keeper";
    case "stop":
      return fault.who === "host";
    case "two-hosts":
      return fault.killed;
    default:
      return false;
  }
}

/** @param kills so many processes are to die @param only faults of this kind alone */
export function planOf(seed: number, kills: number, only: FaultKind | null = null): Plan {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const names = Object.keys(PLAYBOOKS) as PlaybookName[];
  let waiting: readonly Failpoint[] = [];
  let deaths = 0;
  const rounds: Round[] = [];

  /** Each failpoint gets its turn before one comes again; one for which there is no room stays the next. */
  const atFailpoint = (room: (fault: Fault) => boolean): Fault | null => {
    if (waiting.length === 0) waiting = shuffled(FAILPOINTS, random);
    for (const point of waiting) {
      const fault: Fault = { kind: "failpoint", point, who: whoAt(point, random), act: "kill" };
      if (!room(fault)) continue;
      waiting = waiting.filter((other) => other !== point);
      return fault;
    }
    return null;
  };
  const death = (room: (fault: Fault) => boolean): Fault | null => {
    if (only === "failpoint" || (only === null && random() < 0.6)) return atFailpoint(room);
    const fault: Fault = { kind: "kill", who: pick(["host", "keeper", "mcp", "mcp", "agent", "agent"] as const) };
    return room(fault) ? fault : null;
  };
  const other = (): Fault => {
    const kind = only ?? pick(["failpoint", "stop", "disk", "clock", "locks", "two-hosts", "torn-tail"] as const);
    return otherFault(kind, random, pick);
  };

  while (deaths < kills && rounds.length < kills) {
    const faults: Fault[] = [];
    const roomFor = (most: number) => (fault: Fault) => !costsHost(fault) || faults.filter(costsHost).length < most;
    // Every third round keeps room for a host that is stopped, or two at once.
    const room = roomFor(rounds.length % 3 === 2 ? MOST_HOST_DEATHS - 1 : MOST_HOST_DEATHS);
    const deadly = only === null || only === "kill" || only === "failpoint";
    for (let tries = 0; deadly && tries < 40 && deaths < kills && faults.length < DEATHS_PER_ROUND; tries++) {
      const fault = death(room);
      if (fault === null) continue;
      faults.push(fault);
      deaths++;
    }
    for (let n = 0; n < OTHERS_PER_ROUND; n++) {
      const fault = other();
      if (roomFor(MOST_HOST_DEATHS)(fault)) faults.push(fault);
    }
    if (!deadly) deaths += OTHERS_PER_ROUND;
    rounds.push({ playbook: names[rounds.length % names.length] as PlaybookName, blows: inOrder(shuffled(faults, random), random) });
  }
  return { seed, rounds };
}

/** The host alone does effects, holds leases and hands mail on; the rest every program does, the operator's clients too. */
function whoAt(point: Failpoint, random: () => number): Program | "any" {
  const place = point.slice(point.indexOf(" ") + 1);
  if (place.startsWith("keeper.")) return "keeper";
  if (place.startsWith("swarm.")) return "mcp";
  if (/^(effect|lease|host)\.|^mail\.(offer|see)$/.test(place)) return "host";
  return random() < 0.5 ? "host" : "mcp";
}

function otherFault(kind: FaultKind, random: () => number, pick: <T>(from: readonly T[]) => T): Fault {
  switch (kind) {
    case "kill":
      return { kind, who: "agent" };
    case "failpoint": {
      const act = pick(["tear", "ENOSPC", "EIO", "EIO"] as const);
      const fits = FAILPOINTS.filter((point) => operationAt(point) !== "effect" && (act !== "tear" || /^before \S+\.write$/.test(point)));
      const point = pick(fits.filter((one) => !isEarly(one)));
      return { kind, point, who: whoAt(point, random), act };
    }
    case "stop":
      return { kind, who: pick(["host", "mcp"] as const), ms: 2_500 };
    case "disk":
      return { kind, errno: pick(["ENOSPC", "EIO"] as const), ms: pick([150, 600, 1_500]) };
    case "clock":
      return { kind, ms: pick(CLOCK_STEPS) };
    case "locks":
      return { kind, how: pick(["delete", "leave"] as const) };
    case "two-hosts":
      return { kind, killed: random() < 0.5 };
    case "torn-tail":
      return { kind, bytes: 1 + Math.floor(random() * 300), zeros: random() < 0.3 };
  }
}

function shuffled<T>(from: readonly T[], random: () => number): readonly T[] {
  const all = [...from];
  for (let n = all.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [all[n], all[other]] = [all[other] as T, all[n] as T];
  }
  return all;
}

/** What is only met at the beginning comes first, and at once. */
function inOrder(faults: readonly Fault[], random: () => number): readonly Blow[] {
  const early = (fault: Fault): boolean => fault.kind === "failpoint" && isEarly(fault.point);
  return [
    ...faults.filter(early).map((fault) => ({ fault, after: 0 })),
    ...faults.filter((fault) => !early(fault)).map((fault) => ({ fault, after: 1 + Math.floor(random() * 6) })),
  ];
}
