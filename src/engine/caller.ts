/** Who is calling, as far as the engine can tell from a token. Tools and servers take it from here, never from an argument. */
import type { SeatId, SessionId, SwarmId } from "../base/ids.ts";
import type { Actor } from "../domain/commands.ts";
import type { Duty } from "../domain/model.ts";

export type Caller =
  | { readonly kind: "operator" }
  | {
      readonly kind: "session";
      readonly swarm: SwarmId;
      readonly seat: SeatId;
      readonly session: SessionId;
      readonly run: number;
      readonly duty: Duty;
    };

/** Tokens of all live sessions of a project, and the operator's. */
export interface Callers {
  /** null: no live session and not the operator. Compares hashes in constant time. */
  resolve(token: string): Promise<Caller | null>;
}

/** The same person as the domain's rules name it. */
export function actorOf(caller: Caller): Actor {
  return caller.kind === "operator" ? caller : { kind: "session", seat: caller.seat, session: caller.session, run: caller.run };
}
