/** Who stands in a commit: the seat that did the work as author, the user whose repository it is as committer. */
import type { SeatId } from "../base/ids.ts";
import { git, splitZ } from "./git.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** Used where there is no user identity, and where nobody is to be named. */
export const SKEP: Person = { name: "skep", email: "skep@skep.invalid" };

export const seatPerson = (seat: SeatId): Person => ({ name: seat, email: `${seat}@skep.invalid` });

/** The identity git would commit with if the user did, never a guess from the host name. */
export async function userPerson(place: string): Promise<Person> {
  const { out } = await git(place, ["config", "--null", "--get-regexp", "^(user|committer)\\.(name|email)$"], { ok: [0, 1] });
  const values = new Map<string, string>();
  for (const entry of splitZ(out)) {
    const [key = "", value = ""] = [entry.slice(0, entry.indexOf("\n")), entry.slice(entry.indexOf("\n") + 1)];
    values.set(key.toLowerCase(), value);
  }
  const name = usable(values.get("committer.name") ?? values.get("user.name"));
  const email = usable(values.get("committer.email") ?? values.get("user.email"));
  return name && email ? { name, email } : SKEP;
}

/** git strips these characters and refuses a name of nothing else. */
function usable(text: string | undefined): string {
  return (text ?? "").replace(/[<>\n\0]/g, "").trim();
}

export function personEnv(author: Person, committer: Person, date?: string): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    ...(date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }),
  };
}
