import type { Fault } from "../base/errors.ts";
import type { Event } from "./events.ts";

/** A command that does not apply: a value, not an exception. */
export type Refusal = Fault;

export type Decision =
  | { readonly ok: true; readonly events: readonly Event[]; readonly repeated?: true }
  | { readonly ok: false; readonly refusal: Refusal };

export const yes = (...events: readonly Event[]): Decision => ({ ok: true, events });
/** The wish is already fulfilled: nothing to write, the same answer again. */
export const already = (): Decision => ({ ok: true, events: [], repeated: true });
export const no = (code: string, message: string, next: string, retryable = false): Decision => ({
  ok: false,
  refusal: { code, message, next, retryable },
});
