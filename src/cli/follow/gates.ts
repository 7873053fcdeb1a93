/** A question only a human may answer, at the terminal of that human. */
import { framed, inline } from "../../domain/foreign.ts";
import { type GateView, gateView } from "../../domain/view.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { Terminal } from "../shell/terminal.ts";

/** Open gates, oldest first, with the words of their question. */
export async function openGates(swarm: SwarmHandle): Promise<readonly (GateView & { readonly words: string })[]> {
  const gates = await swarm.look((state) => [...state.openGates].flatMap((id) => gateView(state.gates.get(id))));
  return Promise.all(gates.map(async (gate) => ({ ...gate, words: await swarm.read(gate.question) })));
}

type Asked = Awaited<ReturnType<typeof openGates>>[number];

/** The question as text; what agents wrote in it stays marked as theirs. */
export function gateText(gate: Asked, terminal: Pick<Terminal, "paint">): string {
  const who = [gate.agent === null ? "" : `by ${gate.agent}`, gate.task === null ? "" : `about ${gate.task}`].filter((part) => part !== "");
  const head = terminal.paint("yellow", `gate ${gate.gate}${who.length > 0 ? ` (asked ${who.join(" ")})` : ""}`);
  const options = gate.options.map((option, index) => `  ${index + 1}  ${inline(option, 200)}`);
  const fallback = gate.fallback === null ? [] : [terminal.paint("dim", `  without an answer: ${inline(gate.fallback, 200)}`)];
  return [head, framed(gate.words, 4_000), ...options, ...fallback].join("\n");
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
  const elsewhere = swarm
    .until((state) => (state.openGates.has(gate.gate as never) ? null : true), { timeoutMs: 24 * 3_600_000, signal: either })
    .then((answered) => answered && settled.abort());
  try {
    const hint = gate.options.length > 0 ? "number, or the words" : "your words";
    for (;;) {
      const typed = (await terminal.ask(`answer (${hint}; empty leaves it open): `, either))?.trim() ?? "";
      if (typed === "") {
        if (!signal.aborted && settled.signal.aborted) terminal.note(`${gate.gate} was answered elsewhere`);
        return null;
      }
      const answer = chosen(gate.options, typed);
      if (!strict || gate.options.length === 0 || gate.options.includes(answer)) return answer;
      terminal.note(`${gate.gate} takes ${gate.options.join(", ")}`);
    }
  } finally {
    settled.abort();
    await elsewhere;
  }
}

function chosen(options: readonly string[], typed: string): string {
  const numbered = /^\d+$/.test(typed) ? options[Number(typed) - 1] : undefined;
  return numbered ?? options.find((option) => option.toLowerCase() === typed.toLowerCase()) ?? typed;
}
