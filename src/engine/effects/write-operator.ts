import { renderLetter } from "../../domain/operator-letter.ts";
import type { EffectHandler } from "./effect.ts";

/** A letter from skep in the operator's inbox. Its key names the stall: written twice, it lies there once. */
export const writeOperator: EffectHandler<"write_operator"> = async ({ key, letter }, { swarm }) => {
  await swarm.mail.send({ from: "skep", to: "operator", kind: "system", key, ...renderLetter(letter, swarm.state) });
  return { record: { type: "record_written", session: letter.session, at: letter.at } };
};
