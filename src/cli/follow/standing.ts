/** Where a swarm stands, as text: the view that every reader shares, laid out for a terminal. */
import { systemClock } from "../../base/clock.ts";
import type { GateId } from "../../base/ids.ts";
import { count, inline, listed } from "../../domain/foreign.ts";
import { type PlanPreview, previewHead, previewOf } from "../../domain/plan-preview.ts";
import { type SwarmView, swarmView } from "../../domain/view.ts";
import { nextStep, type Reason, reasons, waiting } from "../../domain/why.ts";
import { REASONS, type WaitsFor } from "../../domain/why-codes.ts";
import { stepCommand } from "../../domain/why-step.ts";
import type { Project, SwarmHandle } from "../../engine/api.ts";
import { countDeadLetters } from "../../engine/dead-letters.ts";
import { newestLetters, unreadLetters } from "../../engine/own-letters.ts";
import type { Terminal } from "../shell/terminal.ts";
import { cost } from "./ending.ts";
import { gateText, openGates } from "./gates.ts";

export interface Standing {
  readonly view: SwarmView;
  /** What its plan promises; null: there is none, or one agent does it anyway. */
  readonly preview: PlanPreview | null;
  readonly gates: Awaited<ReturnType<typeof openGates>>;
  /** Why each thing stands where it stands, the whole swarm first. */
  readonly why: readonly Reason[];
  /** Letters nobody will read as things stand. */
  readonly deadLetters: number;
  /** Letters to you that were not read, and the newest of them. */
  readonly unread: number;
  readonly letters: readonly { readonly from: string; readonly subject: string; readonly body: string }[];
}

const MOST_TASKS = 30;
const MOST_LETTERS = 3;

export async function standingOf(swarm: SwarmHandle, project: Pick<Project, "hostFacts">): Promise<Standing> {
  const host = await project.hostFacts();
  const seen = await swarm.look((state) => ({
    ...{ view: swarmView(state), preview: previewOf(state) },
    why: reasons(state, systemClock.now(), host),
  }));
  const letters = (await newestLetters(swarm, MOST_LETTERS)).map(({ from, subject, body }) => ({ from, subject, body }));
  const mail = { deadLetters: await countDeadLetters(swarm), unread: (await unreadLetters(swarm)).length, letters };
  return { ...seen, ...mail, gates: await openGates(swarm) };
}

/** For programs: every next step as a command. */
export function standingFacts({ view, preview, gates, why, deadLetters, unread, letters }: Standing): Readonly<Record<string, unknown>> {
  const told = why.map(({ next, ...reason }) => ({
    ...reason,
    waitsFor: REASONS[reason.code].waitsFor,
    next: stepCommand(next, view.swarm),
  }));
  return { ...view, preview, gates, deadLetters, unread, letters, reasons: told, next: stepCommand(nextStep(why), view.swarm) };
}

export type Row = readonly [label: string, text: string];

/** Facts, each with a label; what goes on under one has none. */
export function standingRows(standing: Standing): readonly Row[] {
  const { view } = standing;
  const { tasks, moving, agents, failing, unseen } = view;
  const counts = Object.entries(tasks).map(([status, count]) => `${count} ${status}`);
  return [
    ...planText(standing).map((line, index) => [index === 0 ? "plan" : "", line] as const),
    ["tasks", counts.length === 0 ? "none yet" : counts.join(", ")],
    ...moving.slice(0, MOST_TASKS).map((task) => ["", movingText(task)] as const),
    ...(moving.length > MOST_TASKS ? [["", `and ${moving.length - MOST_TASKS} more`] as const] : []),
    ...agents.map(({ agent, doing }, index) => [index === 0 ? "agents" : "", `${agent}: ${doing}`] as const),
    ...waitingText(standing).map((line, index) => [index === 0 ? "why" : "", line] as const),
    ...providersText(view).map((line) => ["waiting", line] as const),
    ...view.routed.map(({ agent, from, to }) => ["turned", `${agent} works on ${to}, since ${from} does not serve`] as const),
    ...failing.map(({ what, times, error }) => ["failing", `${what}, ${times} times: ${inline(error, 160)}`] as const),
    ...(standing.deadLetters > 0
      ? [["mail", `${count(standing.deadLetters, "message")} nobody will read: skep dead-letters ${view.swarm}`] as const]
      : []),
    ...lettersText(standing).map((line, index) => [index === 0 ? "to you" : "", line] as const),
    ...(unseen.length > 0
      ? [
          [
            "unseen",
            `uncommitted when it began, so no agent sees it: ${listed(
              unseen.map((name) => inline(name, 80)),
              5,
            )}`,
          ] as const,
        ]
      : []),
    // An audit has none.
    ...(view.branch === "" ? [] : [["branch", branchText(view)] as const]),
    ["cost", cost(view.spent)],
    ...view.budgets.map((line) => ["budget", line] as const),
  ];
}

export function standingText(standing: Standing, terminal: Pick<Terminal, "paint">): string {
  const { view, gates } = standing;
  const head = `${terminal.paint("bold", view.swarm)} ${view.status}: ${inline(view.title, 120)}`;
  const body = standingRows(standing).map(([label, text]) => `  ${terminal.paint("dim", label.padEnd(8))}${text}`);
  return [head, ...body, ...gates.map((gate) => gateText(gate, terminal)), ...sentence(standing), nextLine(standing)].join("\n");
}

export const nextLine = ({ why, view }: Standing): string => `Next: ${stepCommand(nextStep(why), view.swarm)}`;

/** The plan with what it promises; that one agent would do is said while that can still be had. */
function planText({ view: { plan, tasks, swarm, endedAt }, preview }: Standing): readonly string[] {
  const stands = plan.revision === 0 ? plan.status : `revision ${plan.revision} ${plan.status}`;
  if (preview === null) return [stands];
  const { speedup, tokens, cost: price, oneAgent } = preview;
  const promise = `${stands}: ${previewHead(preview)}, at best ${speedup} times as fast as one agent for about ${tokens} times its tokens`;
  if (endedAt !== null) return [promise];
  return [
    promise,
    ...(price === null ? [] : [`it will probably cost ${price}`]),
    ...(oneAgent === null || (tasks.merged ?? 0) > 0
      ? []
      : [`one agent would do: ${oneAgent}. skep stop ${swarm}, then skep run --solo "…"`]),
  ];
}

const HEADS: Readonly<Record<WaitsFor, string | null>> = {
  you: "Waits for you",
  time: "Goes on by itself",
  others: "Stands still",
  host: "Nobody acts",
  nobody: null,
};

/** What the whole swarm waits for, when it does not move. */
export function sentence({ why: [swarm] }: Standing): readonly string[] {
  const head = swarm ? HEADS[REASONS[swarm.code].waitsFor] : null;
  return swarm && head !== null ? [`${head}${untilText(swarm)}: ${swarm.text}`] : [];
}

const untilText = ({ until }: Pick<Reason, "until">): string =>
  until === undefined ? "" : ` at ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Tasks and agents that do not move, those with one reason together; gates are shown with their words below. */
function waitingText({ why, view }: Standing): readonly string[] {
  const last = stepCommand(nextStep(why), view.swarm);
  const lines = waiting(why.filter(({ of }) => of === "task" || of === "agent")).map(({ who, text, next, until }) => {
    const command = stepCommand(next, view.swarm);
    const when = until === undefined ? "" : `, goes on${untilText({ until })}`;
    return `${listed(who, 8)}: ${text}${when}${command === last ? "" : `. Next: ${command}`}`;
  });
  return lines.length > MOST_TASKS ? [...lines.slice(0, MOST_TASKS), `and ${lines.length - MOST_TASKS} more`] : lines;
}

/** The newest letters to you with how they begin; an agent of yours reads them whole with inbox_read. */
function lettersText({ letters, unread }: Standing): readonly string[] {
  const lines = letters.map(({ from, subject, body }) => `${from}: ${inline(subject, 80)}: ${inline(body, 200)}`);
  return unread > letters.length ? [...lines, `and ${unread - letters.length} more: inbox_read in your MCP client`] : lines;
}

const branchText = ({ branch, tip, landed, target }: SwarmView): string =>
  `${branch}${tip === "" ? "" : ` at ${tip.slice(0, 12)}`}${landed === null ? "" : `, landed on ${target}`}`;

/** Providers that do not serve, why, and until when. */
function providersText({ providers }: Pick<SwarmView, "providers">): readonly string[] {
  return providers.map(({ provider, kind, why, pausedUntil, gate }) => {
    const until = gate
      ? `until gate ${gate} is answered`
      : pausedUntil > 0
        ? `until ${new Date(pausedUntil).toISOString().slice(0, 16).replace("T", " ")} UTC`
        : "";
    return `${provider} does not serve${until === "" ? "" : ` ${until}`} (${kind.replaceAll("_", " ")}): ${inline(why, 160)}`;
  });
}

function movingText({ task, title, status, attempt, agent, returned, note }: SwarmView["moving"][number]): string {
  const who = agent === null ? "" : ` by ${agent}`;
  const why = returned === null || returned === "" ? "" : `; came back: ${inline(returned, 100)}`;
  return `${task} ${status}${attempt > 1 ? ` (attempt ${attempt})` : ""}${who}: ${inline(title, 60)}${why}${note === null ? "" : `; ${inline(note, 160)}`}`;
}

/** Whether the swarm goes on only when a person answers. */
export const waitsForHuman = ({ view, gates }: Standing): boolean => gates.length > 0 && view.endedAt === null;

export const answerCommand = (swarm: string, { gate, options }: Standing["gates"][number]): string =>
  stepCommand({ do: "answer", gate: gate as GateId, option: options[0] ?? null }, swarm);
