/** The information matrix of every mode in two rounds without agreement: the one list both tests of it hold the product to. */
import type { ModeKind } from "../../src/domain/modes/mode.ts";

/** `who: parts`; a number is the step a part was made in. */
export const MATRIX: Readonly<Record<ModeKind, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  circling: {
    "1 init 1": { worker: "at base", rev_a: "at base", rev_b: "at base" },
    "2 analyse 1": {
      worker: "strategy rev_a 1, strategy rev_b 1; at worker 1",
      rev_a: "work worker 1; at worker 1",
      rev_b: "work worker 1; at worker 1",
    },
    "3 refine 1": {
      worker: "findings rev_a 2, findings rev_b 2; at worker 1",
      rev_a: "work worker 1, analysis worker 2, findings rev_b 2; at worker 1",
      rev_b: "work worker 1, analysis worker 2, findings rev_a 2; at worker 1",
    },
    "4 analyse 2": {
      worker: "strategy rev_a 3, strategy rev_b 3, findings rev_a 2, findings rev_b 2; at worker 3",
      rev_a: "work worker 3, judgements worker 3; at worker 3",
      rev_b: "work worker 3, judgements worker 3; at worker 3",
    },
    "5 refine 2": {
      worker: "findings rev_a 4, findings rev_b 4; at worker 3",
      rev_a: "work worker 3, analysis worker 4, findings rev_b 4; at worker 3",
      rev_b: "work worker 3, analysis worker 4, findings rev_a 4; at worker 3",
    },
    "6 final 2": { worker: "at worker 5", rev_a: "work worker 5; at worker 5", rev_b: "work worker 5; at worker 5" },
    result: { worker: "completion worker 6, notes rev_a 6, notes rev_b 6" },
  },
  parallel: {
    "1 work 1": { a: "at base", b: "at base", c: "at base" },
    "2 work 2": {
      a: "notes a 1, notes b 1, notes c 1, work b 1, work c 1; at a 1",
      b: "notes a 1, notes b 1, notes c 1, work c 1, work a 1; at b 1",
      c: "notes a 1, notes b 1, notes c 1, work b 1, work a 1; at c 1",
    },
    result: { a: "notes a 2, notes b 2, notes c 2, work b 2, work c 2" },
  },
  sequential: {
    "1 turn 1 a": { a: "at base" },
    "2 turn 1 b": { b: "notes a 1; at a 1" },
    "3 turn 1 c": { c: "notes a 1, notes b 2; at b 2" },
    "4 turn 2 a": { a: "notes a 1, notes b 2, notes c 3; at c 3" },
    "5 turn 2 b": { b: "notes a 4, notes b 2, notes c 3; at a 4" },
    "6 turn 2 c": { c: "notes a 4, notes b 5, notes c 3; at b 5" },
    result: { a: "notes a 4, notes b 5, notes c 6" },
  },
  review: {
    "1 write 1": { worker: "at base" },
    "2 review 1": { rev_a: "work worker 1; at worker 1", rev_b: "work worker 1; at worker 1" },
    "3 write 2": { worker: "findings rev_a 2, findings rev_b 2; at worker 1" },
    "4 review 2": {
      rev_a: "work worker 3, judgements worker 3; at worker 3",
      rev_b: "work worker 3, judgements worker 3; at worker 3",
    },
    result: { worker: "findings rev_a 4, findings rev_b 4" },
  },
};
