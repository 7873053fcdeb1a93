/** Follows a swarm to its end, with its questions asked here. */
import type { LiveSwarm } from "../../engine/host/context.ts";
import type { Desk } from "../shell/desk.ts";
import { askGate, openGates } from "./gates.ts";
import { interruption, linesOf, news } from "./news.ts";
import { planLines } from "./outlook.ts";

/** over: the swarm has ended. gate: it waits for a person and none is here. detached: the person left. */
export async function follow(desk: Desk, swarm: LiveSwarm, json: boolean): Promise<"over" | "gate" | "detached"> {
  const { terminal } = desk;
  const { signal, stop } = interruption("ends");
  const left = new Set<string>();
  try {
    await desk.needHost();
    for await (const commit of news(swarm, { after: 0, signal, needHost: desk.needHost })) {
      if (!json) {
        for (const line of linesOf(commit)) terminal.print(line);
        for (const line of await planLines(swarm, commit)) terminal.print(`  ${line}`);
      }
      // A session in a person's hands is no question: they give it back when they are done.
      const waiting = (await openGates(swarm)).filter(({ gate, kind }) => kind !== "person" && !left.has(gate));
      if (waiting.length === 0) continue;
      if (json || !terminal.interactive) return "gate";
      for (const gate of waiting) {
        const answer = await askGate(swarm, gate, terminal, { signal });
        if (answer === null) left.add(gate.gate);
        else await desk.call("gate_answer", { swarm: swarm.id, gate: gate.gate, answer });
      }
    }
    return signal.aborted ? "detached" : "over";
  } finally {
    stop();
  }
}
