/** One open gate as a question to a person: bounded, with what agents wrote in it framed as theirs. */
import type { GateId } from "../base/ids.ts";
import { framed, inline } from "../domain/foreign.ts";
import { wordedOption } from "../domain/gate-answer.ts";
import { gateView } from "../domain/view.ts";
import type { SwarmHandle } from "../engine/api.ts";
import type { Given, Question } from "./person.ts";

const MOST_WORDS = 2_000;
const OPTION = 200;

export interface GateQuestion extends Question {
  /** The answer that is meant by what was given; null: none. */
  meant(given: Given): string | null;
}

/** null: it is not open any more. */
export async function questionOf(swarm: SwarmHandle, id: GateId): Promise<GateQuestion | null> {
  const seen = await swarm.look((state) => {
    const [gate] = state.openGates.has(id) ? gateView(state.gates.get(id)) : [];
    return gate ? { gate, title: state.title } : null;
  });
  if (seen === null) return null;
  const { gate, title } = seen;
  // Cleaned, two options may look the same: the first is meant.
  const shown = new Map<string, string>();
  for (const option of gate.options) {
    const text = inline(option, OPTION);
    if (!shown.has(text)) shown.set(text, option);
  }
  const who = [gate.agent === null ? "" : ` by ${gate.agent}`, gate.task === null ? "" : ` about ${gate.task}`].join("");
  const until = gate.deadlineAt === null ? "" : ` at ${new Date(gate.deadlineAt).toISOString()}`;
  const message = [
    `skep, swarm ${swarm.id} "${inline(title, 120)}": gate ${gate.gate}${who === "" ? "" : `, asked${who}`}`,
    framed(await swarm.read(gate.question), MOST_WORDS, "skep status shows it whole"),
    ...(gate.context === null ? [] : ["To know:", framed(await swarm.read(gate.context), MOST_WORDS, "skep status shows it whole")]),
    ...Object.entries(gate.means).map(([option, then]) => `${option}: ${then}`),
    ...(gate.fallback === null ? [] : [`Without an answer${until}: ${inline(gate.fallback, OPTION)}`]),
  ].join("\n");
  const worded = wordedOption(gate);
  return {
    message,
    options: [...shown.keys()],
    words: gate.kind === "ask" ? "instead" : worded === null ? "none" : { behind: worded },
    meant({ choice, words }) {
      const option = choice === null ? null : (shown.get(choice) ?? choice);
      if (gate.kind === "ask") return words ?? option;
      return option !== null && option === worded && words !== null ? `${option}: ${words}` : option;
    },
  };
}
