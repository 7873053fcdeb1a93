/** What to do about something that does not move: once as a fact, said for the command line or for a client's model. */
import type { GateId, SeatId } from "../base/ids.ts";
import { inline } from "./foreign.ts";

export type Step =
  /** It goes on by itself. */
  | { readonly do: "wait" }
  | { readonly do: "answer"; readonly gate: GateId; readonly option: string | null }
  | { readonly do: "give_back"; readonly agent: SeatId }
  | { readonly do: "resume" }
  | { readonly do: "read"; readonly agent: SeatId }
  | { readonly do: "spawn"; readonly role: string }
  | { readonly do: "begin"; readonly goal: string }
  | { readonly do: "examine" }
  | { readonly do: "serve"; readonly replace: boolean }
  | { readonly do: "land" }
  | { readonly do: "nothing"; readonly why: string };

export const WAIT: Step = { do: "wait" };
export const EXAMINE: Step = { do: "examine" };

/** As a command to type. */
export function stepCommand(step: Step, swarm: string): string {
  switch (step.do) {
    case "wait":
      return `skep watch ${swarm}`;
    case "answer":
      return `skep answer ${step.gate} --swarm ${swarm} ${step.option === null ? '"…"' : word(step.option)}`;
    case "give_back":
      return `skep attach ${step.agent} --back --swarm ${swarm}`;
    case "resume":
      return `skep resume ${swarm}`;
    case "read":
      return `skep logs ${step.agent} --swarm ${swarm}`;
    // Agents are added by a tool alone; at a terminal such a swarm can only be begun anew.
    case "spawn":
      return `skep stop ${swarm}`;
    case "begin":
      return `skep run ${word(step.goal)}`;
    case "examine":
      return "skep doctor";
    case "serve":
      return step.replace ? "skep serve --replace" : "skep serve";
    case "land":
      return `skep land ${swarm}`;
    case "nothing":
      return `nothing: ${step.why}`;
    default:
      return unknown(step);
  }
}

/** As a call of a tool; what has no tool is a command. */
export function stepCall(step: Step, swarm: string): string {
  switch (step.do) {
    case "wait":
      return "swarm_wait";
    case "answer":
      return `gate_answer for ${step.gate}: only you can`;
    case "resume":
      return "swarm_resume";
    case "spawn":
      return `spawn_role ${inline(step.role, 60)}`;
    case "begin":
      return "swarm_create with it as the goal, or nothing";
    case "land":
      return "swarm_land to bring the merged work to your branch";
    case "nothing":
      return stepCommand(step, swarm);
    case "give_back":
    case "read":
    case "examine":
    case "serve":
      return `\`${stepCommand(step, swarm)}\` in a terminal`;
    default:
      return unknown(step);
  }
}

function unknown(step: never): never {
  throw new Error(`unhandled ${JSON.stringify(step)}`);
}

/** Foreign text as one word of a shell: whoever copies it runs what is meant and nothing else. */
function word(text: string): string {
  const line = inline(text, 200);
  return /^[\w .,:;/+-]*$/.test(line) ? `"${line}"` : `'${line.replaceAll("'", "'\\''")}'`;
}
