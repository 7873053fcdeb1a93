/** Landing in a swarm that asks its person first: their own command at a terminal is the word, else their client is asked. */
import { SkepError } from "../base/errors.ts";
import { inline } from "../domain/foreign.ts";
import { asksAtLanding } from "../domain/tier.ts";
import { atClient } from "./person.ts";
import type { SwarmCall } from "./swarm-call.ts";

const YES = "land";
const NO = "not now";

/** Returns when the work may land. Throws NEEDS_PERSON when nobody said so. */
export async function askToLand(call: SwarmCall): Promise<void> {
  const { swarm, person, signal } = call;
  const asks = await swarm.look((state) =>
    asksAtLanding(state) ? { title: state.title, target: state.target, merged: state.byStatus.merged.size, tip: state.tip } : null,
  );
  if (!asks || person === "here") return;
  const client = atClient(call);
  const { title, target, merged, tip } = asks;
  const message = [
    `skep, swarm ${swarm.id} "${inline(title, 120)}": bring its work to ${target === null ? "your checkout" : inline(target, 80)}?`,
    `${merged} merged ${merged === 1 ? "task" : "tasks"}, at ${tip.slice(0, 12)}. It is the only step that touches your checkout.`,
  ].join("\n");
  const given = client && (await client.ask({ message, options: [YES, NO], words: "none" }, AbortSignal.any([signal, client.gone])));
  if (given !== "later" && given?.choice === YES) return;
  const why = client ? "the user did not say so in this client" : "this client cannot ask the user";
  throw new SkepError(
    "NEEDS_PERSON",
    `this swarm lands only on a person's word, and ${why}`,
    `ask the user to run skep land ${swarm.id} in a terminal`,
  );
}
