/** A question only a human may answer, at the terminal of that human. */
import { framed, inline } from "../../domain/foreign.ts";
import { optionIn } from "../../domain/gate-answer.ts";
import type { State } from "../../domain/model.ts";
import { type GateView, gateView } from "../../domain/view.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { Terminal } from "../shell/terminal.ts";

/** `words`: of its question. */
type Worded = Omit<GateView, "context"> & { readonly words: string; readonly context: string | null };

/** Open gates, oldest first, with the words of their question and of what one has to know. */
export async function openGates(swarm: SwarmHandle): Promise<readonly Worded[]> {
  const gates = await swarm.look((state) => [...state.openGates].flatMap((id) => gateView(state.gates.get(id))));
  return Promise.all(
    gates.map(async (gate) => ({
      ...gate,
      words: await swarm.read(gate.question),
      context: gate.context === null ? null : await swarm.read(gate.context),
    })),
  );
}

/** Far longer than anybody sits before a question; a timer needs an end. */
const LONGEST_MS = 24 * 3_600_000;

type Asked = Awaited<ReturnType<typeof openGates>>[number];

/** The question as text; what agents wrote in it stays marked as theirs. */
export function gateText(gate: Asked, terminal: Pick<Terminal, "paint">): string {
  const who = [gate.agent === null ? "" : `by ${gate.agent}`, gate.task === null ? "" : `about ${gate.task}`].filter((part) => part !== "");
  const head = terminal.paint("yellow", `gate ${gate.gate}${who.length > 0 ? ` (asked ${who.join(" ")})` : ""}`);
  const options = gate.options.map((option, index) => {
    const then = gate.means[option];
    return `  ${index + 1}  ${inline(option, 200)}${then === undefined ? "" : terminal.paint("dim", `  ${then}`)}`;
  });
  const fallback = gate.fallback === null ? [] : [terminal.paint("dim", `  without an answer: ${inline(gate.fallback, 200)}`)];
  const context = gate.context === null ? [] : [terminal.paint("dim", "to know:"), framed(gate.context, 4_000)];
  return [head, framed(gate.words, 4_000), ...context, ...options, ...fallback].join("\n");
}

/**
 * Asks until there is an answer the gate takes. null: the person leaves it open, or somebody else answered meanwhile.
 * @param strict only the options count, also where the gate would take free words.
 */
export async function askGate(
  swarm: SwarmHandle,
  gate: Asked,
  terminal: Terminal,
  { signal, strict = gate.kind !== "ask" }: { readonly signal: AbortSignal; readonly strict?: boolean },
): Promise<string | null> {
  terminal.note(`\n${gateText(gate, terminal)}`);
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  const elsewhere = watchGate(swarm, gate.gate, either).finally(() => settled.abort());
  try {
    const typed = await typedAnswer(gate, terminal, either, strict);
    if (typed === null && !signal.aborted && settled.signal.aborted && (await elsewhere))
      terminal.note(`${gate.gate} was answered elsewhere`);
    return typed;
  } finally {
    settled.abort();
    await elsewhere;
  }
}

/** True when the gate is open no more. A swarm that cannot be read any more ends the question too; the next look says why. */
async function watchGate(swarm: SwarmHandle, gate: string, signal: AbortSignal): Promise<boolean> {
  try {
    const closed = (state: Readonly<State>): true | null => (state.openGates.has(gate as never) ? null : true);
    return (await swarm.until(closed, { timeoutMs: LONGEST_MS, signal })) ?? false;
  } catch {
    return false; // a log that failed fails whoever works with it; a question cannot tell more
  }
}

async function typedAnswer(gate: Asked, terminal: Terminal, signal: AbortSignal, strict: boolean): Promise<string | null> {
  const hint = gate.options.length > 0 ? "number, or the words" : "your words";
  for (;;) {
    const typed = (await terminal.ask(`answer (${hint}; empty leaves it open): `, signal))?.trim() ?? "";
    if (typed === "") return null;
    const answer = chosen(gate.options, typed);
    if (!strict || gate.options.length === 0 || (gate.kind !== "ask" && optionIn(gate, answer)) || gate.options.includes(answer))
      return answer;
    terminal.note(`${gate.gate} takes ${gate.options.join(", ")}`);
  }
}

/** What was typed as an answer: an option by its number or its words in any case, else the words themselves. */
export function chosen(options: readonly string[], typed: string): string {
  const numbered = /^\d+$/.test(typed) ? options[Number(typed) - 1] : undefined;
  return numbered ?? options.find((option) => option.toLowerCase() === typed.toLowerCase()) ?? typed;
}
