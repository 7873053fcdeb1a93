/** Who stands in the commits of a range, as author or as committer: the seats among them. */
import { isId, type SeatId } from "../base/ids.ts";
import { git } from "./git.ts";
import { seatPerson } from "./identity.ts";

const SEAT = /^(.+)@skep\.invalid$/;

export async function seatsIn(commonDir: string, base: string, sha: string): Promise<readonly SeatId[]> {
  const { out } = await git(commonDir, ["rev-list", "--no-commit-header", "--format=%ae%n%ce", `${base}..${sha}`]);
  const seats = new Set<SeatId>();
  for (const line of out.split("\n")) {
    const id = SEAT.exec(line)?.[1];
    if (id !== undefined && isId(id) && seatPerson(id as SeatId).email === line) seats.add(id as SeatId);
  }
  return [...seats];
}
