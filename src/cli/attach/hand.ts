/** Hands a session to the person at this terminal and takes it back: in the swarm's log, with the command to go on in it. */
import { SkepError } from "../../base/errors.ts";
import type { SeatId, SessionId } from "../../base/ids.ts";
import type { Command } from "../../domain/commands.ts";
import { OVER, type State } from "../../domain/model.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import { sessionHome } from "../../engine/session-home.ts";
import { choiceOf, settingsOf } from "../../engine/settings.ts";
import type { Attach, Harness } from "../../harness/harness.ts";
import { harnessOf } from "../../harness/index.ts";

export interface Place {
  readonly swarm: SwarmHandle;
  readonly agent: SeatId;
  /** `<git-common-dir>/skep`. */
  readonly projectHome: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  harness?(id: string): Harness;
}
/** The CLI that can open the session. */
export interface Opener {
  readonly harness: Harness;
  readonly binary: string;
}
export interface Handed extends Attach {
  readonly session: SessionId;
  readonly cwd: string;
}

/** Longer than any turn may last; a wait needs an end. */
const LONGEST_MS = 24 * 3_600_000;

/** Throws NO_ATTACH before anything is asked of the swarm: the CLI has to be able to go on in a session. */
export async function attachable({ swarm, agent, env, harness: find = harnessOf }: Place): Promise<Opener> {
  const seat = await swarm.look((state) => {
    const { harness, role } = state.seats.get(agent) ?? { harness: "", role: "" };
    return { harness, role };
  });
  const harness = find(seat.harness);
  if (!harness.attach || !harness.capabilities.resume)
    throw new SkepError(
      "NO_ATTACH",
      `the CLI behind ${agent} (${harness.id}) cannot go on in a session at a terminal`,
      `skep logs ${agent} -f, or skep send ${agent} "…"`,
    );
  const { settings } = choiceOf(await settingsOf(swarm), seat.role, seat.harness);
  const found = await harness.detect(env, settings);
  if (!found.found) throw new SkepError("HARNESS_MISSING", `${harness.id} was not found: ${found.why}`, found.fix);
  return { harness, binary: found.path };
}

/** Asks for the session and waits until it is free. null: the person left; it goes on as before. */
export async function takeOver(
  { swarm, agent, projectHome }: Place,
  { harness, binary }: Opener,
  { now, signal }: { readonly now: boolean; readonly signal: AbortSignal },
): Promise<Handed | null> {
  const asked = await told(swarm, { type: "hand_over", seat: agent, now });
  const seen = await swarm.until((state) => standing(state, agent), { timeoutMs: LONGEST_MS, signal });
  if (seen === null) {
    await giveBack({ swarm, agent });
    return null;
  }
  if (typeof seen === "string") throw new SkepError("NO_SESSION", `${asked ?? agent}: ${seen}`, "skep status");
  const { id, worktree, cli } = seen;
  const { argv, env } = harness.attach?.({ binary, cwd: worktree, cliSession: cli, home: sessionHome(projectHome, swarm.id, id) }) ?? {
    argv: [binary],
    env: {},
  };
  return { session: id, cwd: worktree, argv, env };
}

/** Where the session is; null as long as it is on its way; words when it will not come. */
function standing(state: Readonly<State>, agent: SeatId): { id: SessionId; worktree: string; cli: string } | string | null {
  if (OVER.has(state.status)) return `the swarm is ${state.status}`;
  const id = state.seats.get(agent)?.session;
  const session = id ? state.sessions.get(id) : undefined;
  if (!session?.person) return "its session ended before it could be handed over";
  if (session.person.parkedAt === null) return null;
  if (session.cli === null || session.worktree === null) return "its CLI keeps nothing of the session";
  return { id: session.id, worktree: session.worktree, cli: session.cli };
}

export async function giveBack({ swarm, agent }: Pick<Place, "swarm" | "agent">): Promise<boolean> {
  const before = await swarm.look((state) => {
    const id = state.seats.get(agent)?.session;
    return id !== undefined && id !== null && state.sessions.get(id)?.person?.back === false && !OVER.has(state.status);
  });
  if (before) await told(swarm, { type: "hand_back", seat: agent });
  return before;
}

/** The session the command was about, where its answer names one. Throws what the swarm refuses. */
async function told(swarm: SwarmHandle, command: Command): Promise<string | null> {
  const answer = await swarm.submit(command, { kind: "operator" });
  if (!answer.ok) {
    const { code, message, next, retryable } = answer.refusal;
    throw new SkepError(code, message, next, { retryable });
  }
  const [event] = answer.events;
  return event && "session" in event ? String(event.session) : null;
}
