import { z } from "zod";
import { inline } from "../domain/foreign.ts";
import { AGENTS, agentTool } from "./define-tool.ts";
import { line, next, prose, repeated } from "./fields.ts";
import { repeatKey } from "./keys.ts";

const DEFAULT_MINUTES = 30;

export const humanAsk = agentTool({
  name: "human_ask",
  title: "Ask a person",
  description:
    "Ask the user something only they can decide: intent, permission, cost. What the code answers, look up; what a teammate knows, ask by message_send. Only your own job waits. When nobody answers in time your fallback is taken. Then end your turn; the answer wakes you.",
  audience: AGENTS,
  kind: "write",
  input: z.strictObject({
    question: prose(2_000),
    context: prose(2_000).optional().describe("What you know and why it matters"),
    fallback: line(200).describe("What happens without an answer"),
    options: z.array(line(200)).max(6).optional(),
    minutes: z.int().min(1).max(1_440).optional().describe("30 when omitted"),
  }),
  output: z.object({ gate: z.string(), status: z.string(), answer: z.string().optional(), repeated: repeated(), next: next() }),
  async handle({ question, context, fallback, options = [], minutes = DEFAULT_MINUTES }, call) {
    const title = inline(question, 120);
    const known = context === undefined ? {} : { context: await call.swarm.keep(context) };
    const command = { type: "ask_human", title, question: await call.swarm.keep(question), ...known, options, fallback, minutes } as const;
    const answer = await call.submit(command, repeatKey(call, call.me.session, question));
    const opened = answer.events.find((event) => event.type === "gate_opened")?.gate.id;
    const gate = await call.swarm.look((state) => {
      const own = [...state.gates.values()].filter((one) => one.kind === "ask" && one.seat === call.me.seat);
      const found = own.find((one) => (opened === undefined ? one.title === title && one.status === "open" : one.id === opened));
      return found ? { gate: found.id as string, status: found.status as string, answer: found.answer } : null;
    });
    const facts = gate ?? { gate: opened ?? "", status: "open", answer: null };
    return {
      gate: facts.gate,
      status: facts.status,
      ...(facts.answer === null ? {} : { answer: facts.answer }),
      ...(answer.repeated ? { repeated: true } : {}),
      next: facts.answer === null ? "End your turn: the answer wakes you." : "go on with that answer",
    };
  },
});
