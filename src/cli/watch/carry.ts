/** Does what the person at the view wishes, through the tools the other commands use. */
import type { SwarmId } from "../../base/ids.ts";
import { requireOperator } from "../../mcp/operator.ts";
import { letterOf } from "../follow/letter.ts";
import type { Desk } from "../shell/desk.ts";
import type { Intent } from "./ui.ts";

export type Wish = Exclude<Intent, { readonly do: "quit" } | { readonly do: "open" }>;

/** What was done, in one line. Throws what the tool refuses, and SESSION_PROCESS where an agent sits at the terminal. */
export async function carry(desk: Pick<Desk, "call" | "project">, swarm: SwarmId, wish: Wish): Promise<string> {
  // Looking is for everybody, acting is not.
  await requireOperator(desk.project);
  switch (wish.do) {
    case "pause":
      await desk.call("swarm_pause", { swarm });
      return `${swarm} is paused: turns that run may end, none starts`;
    case "resume":
      await desk.call("swarm_resume", { swarm });
      return `${swarm} goes on`;
    case "stop":
      await desk.call("swarm_stop", { swarm });
      return `${swarm} is stopped; its work is kept`;
    case "send":
      await desk.call("message_send", { ...letterOf(wish.to, wish.text), swarm });
      return `left in the inbox of ${wish.to}`;
    case "answer":
      await desk.call("gate_answer", { gate: wish.gate, answer: wish.answer, swarm });
      return `${wish.gate} is answered`;
    default:
      return unknown(wish);
  }
}

function unknown(wish: never): never {
  throw new Error(`unhandled ${JSON.stringify(wish)}`);
}
