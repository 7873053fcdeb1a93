/** Where a swarm stands, as text: the view that every reader shares, laid out for a terminal. */
import { inline, listed } from "../../domain/foreign.ts";
import { type SwarmView, swarmView } from "../../domain/view.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { Terminal } from "../shell/terminal.ts";
import { cost } from "./ending.ts";
import { gateText, openGates } from "./gates.ts";

export interface Standing {
  readonly view: SwarmView;
  readonly gates: Awaited<ReturnType<typeof openGates>>;
}

const MOST_TASKS = 30;

export async function standingOf(swarm: SwarmHandle): Promise<Standing> {
  return { view: await swarm.look(swarmView), gates: await openGates(swarm) };
}

export function standingText(standing: Standing, terminal: Pick<Terminal, "paint">): string {
  const { view, gates } = standing;
  const { plan, tasks, moving, agents, failing, unseen } = view;
  const counts = Object.entries(tasks).map(([status, count]) => `${count} ${status}`);
  const rows: (readonly [string, string])[] = [
    ["plan", plan.revision === 0 ? plan.status : `revision ${plan.revision} ${plan.status}`],
    ["tasks", counts.length === 0 ? "none yet" : counts.join(", ")],
    ...moving.slice(0, MOST_TASKS).map((task) => ["", movingText(task)] as const),
    ...(moving.length > MOST_TASKS ? [["", `and ${moving.length - MOST_TASKS} more`] as const] : []),
    ...agents.map(({ agent, doing }, index) => [index === 0 ? "agents" : "", `${agent}: ${doing}`] as const),
    ...providersText(view).map((line) => ["waiting", line] as const),
    ...view.routed.map(({ agent, from, to }) => ["turned", `${agent} works on ${to}, since ${from} does not serve`] as const),
    ...failing.map(({ what, times, error }) => ["failing", `${what}, ${times} times: ${inline(error, 160)}`] as const),
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
    [
      "branch",
      `${view.branch}${view.tip === "" ? "" : ` at ${view.tip.slice(0, 12)}`}${view.landed === null ? "" : `, landed on ${view.target}`}`,
    ],
    ["cost", cost(view.spent)],
    ...view.budgets.map((line) => ["budget", line] as const),
  ];
  const head = `${terminal.paint("bold", view.swarm)} ${view.status}: ${inline(view.title, 120)}`;
  const body = rows.map(([label, text]) => `  ${terminal.paint("dim", label.padEnd(8))}${text}`);
  return [head, ...body, ...gates.map((gate) => gateText(gate, terminal)), `Next: ${nextCommand(standing)}`].join("\n");
}

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

/** What the person does now, as a command. */
function nextCommand(standing: Standing): string {
  const { swarm, status, landed, pullRequest, tasks } = standing.view;
  const [gate] = standing.gates;
  if (gate && waitsForHuman(standing)) return answerCommand(swarm, gate);
  if (status === "paused") return `skep resume ${swarm}`;
  if (status === "opening" || status === "running") return `skep watch ${swarm}`;
  if (landed !== null) return "nothing: the work is landed";
  if (pullRequest !== null) return `nothing here: the work is in ${inline(pullRequest, 200)}`;
  return (tasks.merged ?? 0) > 0 ? `skep land ${swarm}` : "nothing: no work was merged";
}

export const answerCommand = (swarm: string, { gate, options }: Standing["gates"][number]): string =>
  `skep answer ${gate} --swarm ${swarm} ${options.length > 0 ? JSON.stringify(options[0]) : '"…"'}`;
