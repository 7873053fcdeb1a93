/** Which seats take the places of a mode: different ones, of the role and provider each place names, or nobody at all. */
import type { SeatId } from "../../base/ids.ts";
import type { Seat } from "../model.ts";
import type { Mode, ModeSeat, ModeSpec } from "./mode.ts";

type Takes = Pick<Seat, "role" | "duty"> & { readonly own: { readonly provider: string } };

/** Whether an agent may ever take this place. Who writes is a worker; the queen takes part in nothing. */
export function mayTake(mode: Mode, { seats }: ModeSpec, wanted: ModeSeat, { role, duty, own }: Readonly<Takes>): boolean {
  const who = seats[0]?.place === wanted.place ? "lead" : "others";
  const writes = mode.rows.some((row) => row.writes && (row.who === "each" || row.who === who));
  return role === wanted.role && (writes ? duty === "worker" : duty !== "queen") && (wanted.provider ?? own.provider) === own.provider;
}

/** One seat for each place, all different; null: there are not enough. Who is taken gives way where another place has no other. */
export function assignment(
  { seats }: Pick<ModeSpec, "seats">,
  able: (seat: ModeSeat) => readonly SeatId[],
): readonly { readonly place: string; readonly seat: SeatId }[] | null {
  const holder = new Map<SeatId, ModeSeat>();
  const finds = (wanted: ModeSeat, tried: Set<SeatId>): boolean => {
    for (const seat of able(wanted)) {
      if (tried.has(seat)) continue;
      tried.add(seat);
      const other = holder.get(seat);
      if (other && !finds(other, tried)) continue;
      holder.set(seat, wanted);
      return true;
    }
    return false;
  };
  if (!seats.every((wanted) => finds(wanted, new Set()))) return null;
  const taken = new Map([...holder].map(([seat, wanted]) => [wanted, seat]));
  return seats.map((wanted) => ({ place: wanted.place, seat: taken.get(wanted) as SeatId }));
}
