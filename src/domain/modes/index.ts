/** Every mode, one line each. A new one is a file beside these and a line here. */
import { circling } from "./circling.ts";
import type { Mode, ModeKind } from "./mode.ts";
import { parallel } from "./parallel.ts";
import { review } from "./review.ts";
import { sequential } from "./sequential.ts";

export const MODES: { readonly [K in ModeKind]: Mode & { readonly kind: K } } = { parallel, sequential, review, circling };
