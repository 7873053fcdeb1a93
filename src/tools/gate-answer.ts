import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { gateId, next, prose, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";
import { via } from "./person.ts";

export const gateAnswer = swarmTool({
  name: "gate_answer",
  title: "Answer a gate",
  description:
    "Answer an open gate: a question only a human may decide. Show it to the user and give their words, or one of its options; do not decide for them. Then swarm_wait.",
  audience: ["operator"],
  kind: "write",
  input: z.strictObject({ gate: gateId().describe("From swarm_status"), answer: prose(4_000) }),
  output: z.object({ gate: z.string(), answer: z.string(), repeated: repeated(), next: next() }),
  async handle({ gate, answer }, call) {
    const done = await call.submit({ type: "answer_gate", gate, answer, ...via(call) }, programKey(call));
    return { gate, answer, ...(done.repeated ? { repeated: true } : {}), next: "swarm_wait" };
  },
});
