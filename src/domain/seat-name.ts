import type { SeatId } from "../base/ids.ts";
import type { Duty } from "./model.ts";

/** `queen` and `reviewer` are usually alone and carry no number; workers are dev-0, dev-1 and so on. */
export function freeName(name: string, duty: Duty, taken: { has(seat: SeatId): boolean }): SeatId {
  const free = (seat: string): seat is SeatId => !taken.has(seat as SeatId);
  if (duty !== "worker" && free(name)) return name;
  for (let n = duty === "worker" ? 0 : 1; ; n++) {
    const numbered = `${name}-${n}`;
    if (free(numbered)) return numbered;
  }
}
