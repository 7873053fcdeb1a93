/** A preview as a person reads it: wave by wave, each task with who does it, what it may change and what proves it. */
import { inline, listed } from "../../domain/foreign.ts";
import type { Preview, PreviewTask } from "../../engine/pipeline/order.ts";
import type { Terminal } from "../shell/terminal.ts";

export function previewText(preview: Preview, { paint }: Pick<Terminal, "paint">): string {
  const { name, title, goal, team, policy, seats, gates, conditions, waves, checks, budget, worth, problems } = preview;
  const section = (head: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [paint("bold", head), ...lines.map((line) => `  ${line}`)];
  return [
    `${paint("bold", name)} ${inline(title, 100)}`,
    `  goal: ${inline(goal, 300)}`,
    `  team ${team}: ${seats.join(", ")}`,
    `  when a task fails: ${policy.replaceAll("_", " ")}`,
    ...waves.flatMap((wave, index) => section(`wave ${index + 1}${wave.length > 1 ? ", side by side" : ""}`, wave.flatMap(taskLines))),
    ...section(
      "true at the end",
      conditions.map((condition, index) => `${index + 1}. ${inline(condition, 200)}`),
    ),
    ...section(
      "every task has to pass",
      checks.map((check) => inline(check, 200)),
    ),
    ...section("gates", gates),
    ...section("cost", [budget]),
    ...section("as a swarm", worth),
    ...section(
      "problems",
      problems.map((problem) => inline(problem, 400)),
    ),
  ].join("\n");
}

const taskLines = ({ task, title, role, files, after, criteria, risk, proof, because, notes }: PreviewTask): readonly string[] => [
  `${task}: ${inline(title, 100)}`,
  `  ${role}${after.length === 0 ? "" : `, after ${listed(after, 6)}`}${risk === "normal" ? "" : `, risk ${risk}`}; proved by ${proof}`,
  ...(files.length === 0
    ? []
    : [
        `  files ${listed(
          files.map((file) => inline(file, 80)),
          6,
        )}`,
      ]),
  ...criteria.map((criterion) => `  - ${inline(criterion, 240)}`),
  ...(notes.length === 0 ? [] : [`  ${inline(notes.join(", "), 300)}`]),
  ...because.map((reason) => `  it ${inline(reason, 300)}`),
];
