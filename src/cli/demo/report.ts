/** What the demo says at its end: as facts, and as text. */
import type { Event } from "../../domain/events.ts";
import { inline } from "../../domain/foreign.ts";
import { waves } from "../../domain/waves.ts";
import type { LiveSwarm } from "../../engine/host/context.ts";
import { git } from "../../git/git.ts";
import { cost, duration, type Ending, endingOf } from "../follow/ending.ts";
import type { Terminal } from "../shell/terminal.ts";
import { type Shown, shown } from "./shown.ts";
import type { Stage } from "./stage.ts";

export interface DemoFacts {
  readonly ok: boolean;
  readonly swarm: string;
  readonly status: Ending["status"];
  readonly seconds: number;
  readonly waves: readonly (readonly string[])[];
  readonly workers: readonly string[];
  readonly shown: readonly (Shown & { readonly ok: boolean })[];
  readonly tasks: Ending["tasks"];
  readonly commits: readonly { readonly commit: string; readonly subject: string }[];
  readonly landed: { readonly branch: string; readonly commit: string } | null;
  readonly spent: Ending["spent"];
  /** null: it was removed. */
  readonly repository: string | null;
}

export async function factsOf(swarm: LiveSwarm, stage: Stage, seconds: number, keep: boolean): Promise<DemoFacts> {
  const events: readonly Event[] = (await swarm.events(0)).flatMap((commit) => commit.events);
  const { base, ...ending } = await swarm.look((state) => ({ base: state.base, ...endingOf(state, 0) }));
  const proved = shown(events).map((one) => ({ ...one, ok: one.happened !== null }));
  const planned = events.findLast((event) => event.type === "plan_submitted")?.plan.tasks ?? [];
  const { swarm: id, status, tasks, spent, tip, target, landed } = ending;
  return {
    ok: proved.every(({ ok }) => ok),
    ...{ swarm: id, status, seconds: Math.round(seconds * 10) / 10, tasks, spent },
    waves: waves(planned).map((wave) => wave.map((task) => task.id)),
    workers: [...new Set(events.flatMap((event) => (event.type === "task_claimed" ? [event.seat] : [])))].sort(),
    shown: proved,
    commits: tip === "" ? [] : await commitsBetween(stage.repository, base, tip),
    landed: landed === null || target === null ? null : { branch: target, commit: landed },
    repository: keep ? stage.repository : null,
  };
}

async function commitsBetween(repository: string, base: string, tip: string): Promise<DemoFacts["commits"]> {
  const { out } = await git(repository, ["log", "--reverse", "--format=%h %s", `${base}..${tip}`]);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ commit: line.split(" ")[0] ?? "", subject: line.slice(line.indexOf(" ") + 1) }));
}

export function reportText(facts: DemoFacts, { paint }: Pick<Terminal, "paint">): string {
  const { seconds, tasks, commits, repository, landed, spent, swarm } = facts;
  const heading = (text: string): string => `\n${paint("bold", text)}`;
  const width = Math.max(...facts.shown.map(({ gate }) => gate.length));
  return [
    heading("What each gate caught"),
    ...facts.shown.map(({ gate, happened, promise }) =>
      happened === null ? paint("red", `  ${gate.padEnd(width)}  did not happen: ${promise}`) : `  ${gate.padEnd(width)}  ${happened}`,
    ),
    heading("Attempts"),
    ...tasks.map(
      ({ task, title, attempts, results }) => `  ${task}  ${attempts}  ${inline(title, 60)} (${results.join(", ").replaceAll("_", " ")})`,
    ),
    heading(`Commits${landed ? ` on ${landed.branch}` : ""}`),
    ...commits.map(({ commit, subject }) => `  ${commit}  ${inline(subject, 70)}`),
    heading(`${duration(seconds)}, ${cost(spent)} (scripted agents cost nothing)`),
    ...(repository === null
      ? ["  The repository was removed. To look at one: skep demo --keep"]
      : [`  git -C ${repository} log --stat --reverse`, `  skep logs ${swarm} --project ${repository}`]),
  ].join("\n");
}
