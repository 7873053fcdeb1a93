/** Runs the demo's swarm from its goal to `land`, telling what happens and answering its gate. */
import { systemClock } from "../../base/clock.ts";
import { quote, SkepError } from "../../base/errors.ts";
import type { Event } from "../../domain/events.ts";
import { OVER } from "../../domain/model.ts";
import type { LiveSwarm } from "../../engine/host/context.ts";
import { askGate, openGates } from "../follow/gates.ts";
import { news } from "../follow/news.ts";
import type { Desk } from "../shell/desk.ts";
import { Narrator } from "./narrate.ts";

export interface Direction {
  readonly goal: string;
  /** The person at the terminal answers. */
  readonly ask: boolean;
  /** Where the story goes; null: nowhere. */
  readonly tell: ((line: string) => void) | null;
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

/** The task whose merge makes the waiting one conflict: the question is put when it is merged. */
const MOVES_A_FOLDER = "t2";

/** Resolves when the work is landed, or when nothing more can come of it; what was shown is in the log. */
export async function direct(desk: Desk, { goal, ask, tell, signal, limitMs }: Direction): Promise<LiveSwarm> {
  const watch = stopwatch(limitMs);
  const either = AbortSignal.any([signal, watch.over]);
  const created = await desk.call("swarm_create", { goal });
  const swarm = await desk.swarm(String(created.swarm));
  const narrator = new Narrator(desk.terminal);
  const begun = systemClock.monotonic();
  const show = (event: Event): void => {
    for (const line of narrator.lines(event)) tell?.(`${((systemClock.monotonic() - begun) / 1000).toFixed(1).padStart(5)} s  ${line}`);
  };
  try {
    for await (const { events } of news(swarm, { after: 0, signal: either, needHost: desk.needHost })) {
      events.forEach(show);
      await answerGates(desk, swarm, { ask, tell, signal: either, watch });
    }
    if (signal.aborted) throw new SkepError("DEMO_INTERRUPTED", "the demo was interrupted", "skep demo");
    if (watch.over.aborted) return swarm;
    if (await swarm.look((state) => state.status === "completed")) {
      await desk.call("swarm_land", { swarm: swarm.id });
      for (const { events } of await swarm.events(0)) for (const event of events) if (event.type === "swarm_landed") show(event);
    }
    // Worktrees are put away, so that what is kept is tidy.
    await swarm.until((state) => (OVER.has(state.status) && state.closed ? true : null), { timeoutMs: 5_000, signal: either });
    return swarm;
  } finally {
    watch.stop();
  }
}

async function answerGates(
  desk: Desk,
  swarm: LiveSwarm,
  { ask, tell, signal, watch }: Omit<Direction, "goal" | "limitMs"> & { readonly watch: Stopwatch },
): Promise<void> {
  for (const gate of await openGates(swarm)) {
    if (gate.kind !== "ask") {
      const why = `gate ${gate.gate} opened, which the demo does not expect: ${quote(gate.title, 200)}`;
      throw new SkepError("DEMO_INCOMPLETE", why, "skep demo --keep, then look at .git/skep/host/host.log there");
    }
    const moved = await swarm.look((state) => state.tasks.get(MOVES_A_FOLDER as never)?.status === "merged");
    if (!moved) continue;
    const resume = watch.pause();
    const typed = ask ? await askGate(swarm, gate, desk.terminal, { signal, strict: true }) : null;
    resume();
    if (signal.aborted) return;
    const answer = typed ?? gate.options[0] ?? "";
    if (typed === null) tell?.(`         the demo's operator answers ${gate.gate}: ${answer}`);
    await desk.call("gate_answer", { swarm: swarm.id, gate: gate.gate, answer });
  }
}

interface Stopwatch {
  readonly over: AbortSignal;
  /** Time a person takes does not count. Answers the way on. */
  pause(): () => void;
  stop(): void;
}

function stopwatch(limitMs: number): Stopwatch {
  const over = new AbortController();
  let left = limitMs;
  let since = systemClock.monotonic();
  let cancel = systemClock.after(left, () => over.abort());
  const run = (): void => {
    since = systemClock.monotonic();
    cancel = systemClock.after(left, () => over.abort());
  };
  return {
    over: over.signal,
    pause() {
      cancel();
      left -= systemClock.monotonic() - since;
      return run;
    },
    stop: () => cancel(),
  };
}
