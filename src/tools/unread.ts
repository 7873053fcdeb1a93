/** Letters an agent has not read: a number for whoami, one line for prose. Names and ids only, no letter is opened. */
import type { SwarmHandle } from "../engine/api.ts";
import type { ToolContext } from "./define-tool.ts";

/** Unread are those stored and those handed to a session that gave no sign of having taken them. */
async function unreadCount(swarm: SwarmHandle, inbox: Parameters<SwarmHandle["mail"]["list"]>[0]): Promise<number> {
  return (await swarm.mail.list(inbox, ["stored"])).length;
}

export async function unreadNote({ caller, ground }: Pick<ToolContext, "caller" | "ground">): Promise<string | null> {
  if (caller.kind !== "session" || !ground) return null;
  const count = await unreadCount(await ground.project.open(caller.swarm), caller.seat);
  return count === 0 ? null : `[${count} unread ${count === 1 ? "letter" : "letters"}: inbox_read]`;
}
