/** What a person may want to be told of where they are, and in which words. Agents' text in it is a gate's question alone. */
import type { GateId } from "../base/ids.ts";
import { inline } from "./foreign.ts";
import type { Gate } from "./gate-kind.ts";
import type { State } from "./model.ts";
import type { OperatorLetter } from "./operator-letter.ts";
import { stepCommand } from "./why-step.ts";

/** `key` tells it from every other of its swarm. */
export type News = { readonly key: string } & (
  | { readonly event: "gate"; readonly gate: Readonly<Gate> }
  | { readonly event: "stall"; readonly letter: OperatorLetter }
  | { readonly event: "end"; readonly status: "completed" | "failed" }
);

export interface Notice {
  readonly event: News["event"] | "test";
  /** One line; begins with skep's own word. */
  readonly headline: string;
  /** One line; begins with the swarm's id. */
  readonly text: string;
  readonly swarm: string;
  /** Of the swarm. */
  readonly title: string;
  readonly gate?: string;
  readonly kind?: string;
  readonly question?: string;
  readonly options?: readonly string[];
  readonly until?: string;
  readonly agent?: string;
  readonly status?: string;
  /** A command to type. */
  readonly next: string;
}

/** As the state stands: gates that are open, letters that are not written yet, the end unless a person made it. */
export function newsOf(state: Readonly<State>): readonly News[] {
  const gates = [...state.openGates].flatMap((id) => state.gates.get(id) ?? []);
  const { status } = state;
  return [
    ...gates.map((gate) => ({ key: gateKey(gate.id), event: "gate" as const, gate: { ...gate } })),
    ...(state.letters ?? []).map((letter) => ({ key: `stall:${letter.session}:${letter.at}`, event: "stall" as const, letter })),
    ...(status === "completed" || status === "failed" ? [{ key: "end", event: "end" as const, status }] : []),
  ];
}

const gateKey = (id: GateId): string => `gate:${id}`;

const TITLE = 120;
const QUESTION = 400;
const OPTION = 80;

/** @param question of its gate, read. */
export function noticeOf(news: News, { id, title: whole }: Pick<State, "id" | "title">, question: string): Notice {
  const of = { event: news.event, swarm: id, title: inline(whole, TITLE) };
  switch (news.event) {
    case "gate": {
      const { gate } = news;
      const asked = inline(question, QUESTION);
      return {
        ...of,
        headline: `skep asks you: ${inline(gate.kind, OPTION)} gate ${gate.id}`,
        text: `${id} ${gate.id}: ${asked} (${of.title})`,
        ...{ gate: gate.id, kind: gate.kind, question: asked, options: gate.options.map((option) => inline(option, OPTION)) },
        ...(gate.deadlineAt === null ? {} : { until: new Date(gate.deadlineAt).toISOString() }),
        ...(gate.seat === null ? {} : { agent: gate.seat }),
        next: `skep answer ${gate.id} --swarm ${id}`,
      };
    }
    case "stall": {
      const { seat } = news.letter;
      const next = stepCommand({ do: "read", agent: seat }, id);
      return { ...of, headline: `skep: ${seat} is stuck`, text: `${id} ${of.title}: ${seat} does not get on`, agent: seat, next };
    }
    case "end": {
      const next = news.status === "completed" ? stepCommand({ do: "land" }, id) : `skep status ${id}`;
      return { ...of, headline: `skep: a swarm ${news.status}`, text: `${id} ${of.title}`, status: news.status, next };
    }
    default: {
      const never: never = news;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}
