/** What agents and skep wrote to the operator and nobody has read yet. */
import type { Letter } from "../store/ports.ts";
import type { SwarmHandle } from "./api.ts";

/** By their names alone: it is asked with every look at a swarm. */
export const unreadLetters = ({ mail }: Pick<SwarmHandle, "mail">): Promise<readonly string[]> =>
  mail.list("operator", ["stored", "offered"]);

/** The newest `most` of them, oldest first. Reads only: they stay unread. */
export async function newestLetters(swarm: Pick<SwarmHandle, "mail">, most: number): Promise<readonly Letter[]> {
  const unread = [...(await unreadLetters(swarm))].sort();
  return swarm.mail.read("operator", unread.slice(-most));
}
