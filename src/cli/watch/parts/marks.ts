/** Where a task stands, as one sign. */
import type { Mark } from "../board.ts";
import type { Tone } from "./say.tsx";

const SIGNS: Readonly<Record<Mark, readonly [string, Tone]>> = {
  waits: ["□", "quiet"],
  works: ["▤", "chosen"],
  proves: ["▦", "chosen"],
  merged: ["■", "good"],
  failed: ["✗", "bad"],
  dropped: ["·", "quiet"],
};
export const markSign = (mark: Mark): string => SIGNS[mark][0];
export const markTone = (mark: Mark): Tone => SIGNS[mark][1];
