import { createHash, randomBytes, randomUUID } from "node:crypto";

/**
 * One form for every id that may become part of a path, a ref or a key: a letter, then letters,
 * digits and hyphens, at most 40. Nothing that fails it is ever joined to a path.
 */
export const ID = /^[a-z][a-z0-9-]{0,39}$/;

declare const brand: unique symbol;
export type Id<Kind extends string> = string & { readonly [brand]: Kind };
export type SwarmId = Id<"swarm">;
export type TaskId = Id<"task">;
/** The name of a seat, also the name of its agent: `queen-0`, `dev-1`. */
export type SeatId = Id<"seat">;
/** One harness session behind a seat. Minted by skep; the CLI's own session id is a plain string. */
export type SessionId = Id<"session">;
export type GateId = Id<"gate">;

export function isId(text: string): boolean {
  return ID.test(text);
}

/** Brands `text` when it has the form of an id, else null. */
export function asId<I extends Id<string>>(text: string): I | null {
  return isId(text) ? (text as I) : null;
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** `prefix-` and `length` random characters (5 bits each): `s-7k2m9q`. */
export function mintId<I extends Id<string>>(prefix: string, length = 6): I {
  let tail = "";
  for (const byte of randomBytes(length)) tail += ALPHABET[byte & 31];
  return `${prefix}-${tail}` as I;
}

/** A random name for a log line or a lease holder. */
export const mintUuid = (): string => randomUUID();

/** 32 random bytes, url-safe. Shown once to the session it names; only its hash is stored. */
export const mintToken = (): string => randomBytes(32).toString("base64url");

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
