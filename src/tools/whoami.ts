import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { readTexts } from "../domain/prose.ts";
import { whoamiAnswer } from "../domain/whoami.ts";
import { whoamiFacts } from "../domain/whoami-facts.ts";
import { AGENTS, agentTool } from "./define-tool.ts";

/** Senders named beside the number of unread letters. */
const NAMED = 5;

export const whoami = agentTool({
  name: "whoami",
  title: "Where you stand",
  description:
    "Show who you are, your job, its criteria, what was done and found, and the exact call to make next. Call it first, and whenever you are unsure or your context was cut; it wins over your memory.",
  audience: AGENTS,
  kind: "read",
  input: z.strictObject({}),
  output: z.looseObject({ agent: z.string(), role: z.string(), swarm: z.string(), next: z.string() }),
  async handle(_, call) {
    const { swarm, me, clock, services } = call;
    const facts = await swarm.look((state) => whoamiFacts(state, me.session, clock.now()));
    if (!facts) throw new SkepError("SESSION_ENDED", "your session is over; your work is kept", "end your turn");
    const [texts, around, unread] = await Promise.all([
      readTexts(facts, (prose) => swarm.read(prose)),
      services.whoami(swarm, me.session),
      swarm.mail.list(me.seat, ["stored"]),
    ]);
    const letters = await swarm.mail.read(me.seat, unread.slice(-NAMED));
    const from = [...new Set(letters.map((letter) => letter.from))];
    const answer = whoamiAnswer(facts, texts, { ...around, mail: { unread: unread.length, from } });
    return { ...answer, agent: facts.agent, role: facts.role, swarm: facts.swarm, next: answer.next };
  },
});
