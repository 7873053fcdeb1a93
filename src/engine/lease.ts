/**
 * The right to act for a swarm: a commit in its log, kept alive by a beat. Judging a holder dead may be wrong and then costs
 * a takeover, never a double commit: every engine command carries the epoch, and the log's order decides.
 */
import { type Cancel, type Clock, sleep } from "../base/clock.ts";
import { SkepError } from "../base/errors.ts";
import type { Proc } from "../domain/model.ts";
import type { Holder } from "../store/ports.ts";
import type { LiveSwarm } from "./host/context.ts";

export interface LeaseOrder {
  readonly swarm: Pick<LiveSwarm, "state" | "log" | "submit" | "refresh" | "onCommit">;
  readonly self: Holder;
  /** Where the holder is reached; written into the commit. */
  readonly address: string;
  readonly clock: Clock;
  /** How long a holder that cannot be proven dead may stay without a beat. */
  readonly staleMs?: number;
  readonly beatMs?: number;
  /** Ends the waiting for a holder that lives. */
  readonly signal: AbortSignal;
  /** Called once, when another holder's lease is seen. Nothing may be done for the swarm after it. */
  readonly onLost: () => void;
}

export interface Lease {
  readonly epoch: number;
  /** Ends the beat. The lease stays ours in the log until somebody takes it. */
  release(): void;
}

export const STALE_MS = 5_000;
const BEAT_MS = 1_000;
/** How often a taker looks at a holder it waits for. */
const LOOK_MS = 100;
const LONGEST_GAP_MS = 500;

/** Resolves with the lease, however long a living holder keeps it; null when `signal` aborted first. */
export async function takeLease(order: LeaseOrder): Promise<Lease | null> {
  const { swarm, self, address, signal } = order;
  while (!signal.aborted) {
    if (!(await isVacant(order))) continue;
    const over = swarm.state.epoch;
    const answer = await swarm.submit({ type: "take_lease", over, holder: procOf(self), address }, { kind: "engine", epoch: over });
    if (answer.ok) return keepLease(order, over + 1);
    if (swarm.state.epoch === over) throw new SkepError(answer.refusal.code, answer.refusal.message, answer.refusal.next);
  }
  return null;
}

/**
 * True when the present holder is proven dead, is this process, or gave no sign for `staleMs` on our own monotonic clock: a
 * stopped machine or a stepped wall clock must not look like death. False when the lease moved meanwhile or `signal` aborted.
 */
async function isVacant({ swarm, self, clock, staleMs = STALE_MS, signal }: LeaseOrder): Promise<boolean> {
  await swarm.refresh();
  const { epoch, lease } = swarm.state;
  if (lease === null || lease.holder.id === self.id || (await swarm.log.alive(lease.holder)) === "no") return swarm.state.epoch === epoch;
  let beat = await swarm.log.lastBeat();
  let silentMs = 0;
  for (let last = clock.monotonic(); !signal.aborted; ) {
    await sleep(Math.min(LOOK_MS, staleMs / 4), signal);
    await swarm.refresh();
    if (swarm.state.epoch !== epoch) return false;
    if ((await swarm.log.alive(lease.holder)) === "no") return true;
    const seen = await swarm.log.lastBeat();
    const now = clock.monotonic();
    // A long gap between two looks is our own pause, and the holder may have paused with us.
    silentMs = seen === beat ? silentMs + Math.min(now - last, LONGEST_GAP_MS) : 0;
    if (silentMs >= staleMs) return true;
    beat = seen;
    last = now;
  }
  return false;
}

function keepLease({ swarm, clock, beatMs = BEAT_MS, onLost }: LeaseOrder, epoch: number): Lease {
  let cancel: Cancel = () => undefined;
  let ended = false;
  const release = () => {
    ended = true;
    cancel();
    unhear();
  };
  const look = () => {
    if (ended || swarm.state.epoch === epoch) return;
    release();
    onLost();
  };
  const beat = async () => {
    try {
      await swarm.log.beat();
      await swarm.refresh();
    } catch {
      // A beat that cannot be written is a lease about to be taken by somebody who can; the log's order stays right.
    }
    look();
    if (!ended) cancel = clock.after(beatMs, () => void beat());
  };
  const unhear = swarm.onCommit(look);
  void beat();
  look();
  return { epoch, release };
}

function procOf({ id, machine, boot, pid, start }: Holder): Proc & { readonly id: string } {
  return { id, machine, boot, pid, start };
}
