import { renderMails } from "../../domain/mail-envelope.ts";
import { unreadLetters } from "../../engine/own-letters.ts";
import { envelopeOf } from "../letter-facts.ts";
import { bounded, type ResourceSpec } from "./resource.ts";

const SHOWN = 20;

export const inboxResource: ResourceSpec = {
  name: "inbox",
  title: "Your mail from a swarm",
  description: "Letters of a swarm to you that you have not read, oldest first. Looking here leaves them unread; inbox_read marks them.",
  template: "skep://swarms/{swarm}/inbox",
  mimeType: "text/plain",
  changes: { in: "mail", mark: async (swarm) => JSON.stringify(await unreadLetters(swarm)) },
  async read(call) {
    const { swarm } = call;
    const ids = await unreadLetters(swarm);
    if (ids.length === 0) return "No unread mail.\n";
    const letters = await swarm.mail.read("operator", ids.slice(0, SHOWN));
    const text = renderMails(await Promise.all(letters.map((letter) => envelopeOf(call, letter))));
    const rest = `inbox_read with swarm ${swarm.id}`;
    return bounded(`${text}\n${ids.length > SHOWN ? `[${ids.length - SHOWN} more. Next: ${rest}]\n` : ""}`, rest);
  },
};
