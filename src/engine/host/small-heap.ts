/**
 * Keeps the host small. What it lets live is little (some 20 MiB), but a request that waits for git outlives the young
 * generation, and on a machine with much memory V8 lets such garbage grow to many times that before it looks.
 */
import { setFlagsFromString } from "node:v8";

/** The old generation is collected when it grew by this part of what was live. Read by V8 at each collection, so it may be set late. */
const GROWTH_PERCENT = 50;

export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
