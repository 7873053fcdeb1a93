/** One line of a structured stream as an object; null when it is something else. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function jsonLine(line: string): JsonObject | null {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null; // cut, or printed by something that does not know the protocol
  }
}

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
/** More than any honest number, times in milliseconds included; sums of it still are numbers that JSON can hold. */
const MOST = 1e15;
/** Never less than nothing: what was used must not hand a budget back. */
export const count = (value: unknown): number => (typeof value === "number" && value > 0 ? Math.min(value, MOST) : 0);
export const objects = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Foreign text that travels on in events: its beginning is enough. */
export const clip = (value: string, max = 16 * 1024): string => (value.length > max ? `${value.slice(0, max)}…` : value);
