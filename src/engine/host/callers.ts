/** Whose token is this? Only hashes are compared, in constant time; a token lives as long as its session's run. */
import { timingSafeEqual } from "node:crypto";
import { sha256 } from "../../base/ids.ts";
import type { Caller, Callers } from "../caller.ts";
import type { LiveSwarm } from "./context.ts";

export function callersOf(operator: string, swarms: () => Iterable<LiveSwarm>): Callers {
  const operatorHash = sha256(operator);
  return {
    async resolve(token) {
      const hash = sha256(token);
      if (isEqual(hash, operatorHash)) return { kind: "operator" };
      const known = find(hash, swarms());
      if (known) return known;
      // A session may call before this process has read the commit that started it.
      await Promise.all([...swarms()].map((swarm) => swarm.refresh()));
      return find(hash, swarms());
    },
  };
}

function find(hash: string, swarms: Iterable<LiveSwarm>): Caller | null {
  let found: Caller | null = null;
  for (const { id: swarm, state } of swarms) {
    for (const { id: session, seat, tokenRun: run, tokenHash } of state.sessions.values()) {
      const duty = state.seats.get(seat)?.duty;
      if (tokenHash !== null && duty && isEqual(hash, tokenHash)) found = { kind: "session", swarm, seat, session, run, duty };
    }
  }
  return found;
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
