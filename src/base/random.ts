import { randomBytes, randomInt } from "node:crypto";

/** A whole number from 0 to `limit - 1`: jitter between writers, a port out of a range. */
export const randomBelow = (limit: number): number => randomInt(limit);

/** Crockford's base32, lower case, in ascending character order: what is written with it sorts as its number does. */
export const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

/** `length` random characters of `BASE32`, 5 bits each. */
export function randomText(length: number): string {
  let text = "";
  for (const byte of randomBytes(length)) text += BASE32[byte & 31];
  return text;
}
