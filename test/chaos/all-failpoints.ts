/** Every failpoint there is: of the store, and of each effect in the product's registry. */
import { EFFECTS } from "../../src/engine/effects/index.ts";
import { type Effect, type Failpoint, type Place, STORE_PLACES } from "./failpoints.ts";

const PLACES: readonly Place[] = [...STORE_PLACES, ...(Object.keys(EFFECTS) as Effect[]).map((kind) => `effect.${kind}` as const)];
export const FAILPOINTS: readonly Failpoint[] = PLACES.flatMap((place) => [`before ${place}`, `after ${place}`] as const);
