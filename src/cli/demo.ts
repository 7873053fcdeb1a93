/** `skep demo`: the whole main job, live, on scripted agents: no key, no network, nothing left behind. */
import { systemClock } from "../base/clock.ts";
import { SkepError } from "../base/errors.ts";
import { endKept } from "../engine/host/end.ts";
import { direct } from "./demo/direct.ts";
import { type DemoFacts, factsOf, reportText } from "./demo/report.ts";
import { type Stage, setStage } from "./demo/stage.ts";
import { interruption } from "./follow/news.ts";
import { command } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";

interface Options {
  readonly ask?: true;
  readonly json?: true;
  readonly keep?: true;
  readonly seconds?: string;
}

export const run = command<Options>("demo", {
  about:
    "Watch a whole swarm work: a plan is returned, work is stopped by every kind of gate and repaired, a worker is killed, a question is asked, the result lands. It happens in a temporary repository, on scripted agents, without key or network, in less than a minute.",
  options: [
    ["--ask", "you answer the swarm's question; otherwise the demo does"],
    ["--keep", "leave the repository to look at"],
    ["--json", "print the facts as one JSON object, and nothing on the way"],
    ["--seconds <n>", "how long it may take before it fails; 60 when left out"],
  ],
  examples: ["skep demo", "skep demo --ask --keep"],
  exits: { ok: "the whole path was walked", failed: "it was not, or it took too long" },
  async act(_, { ask = false, json = false, keep = false, seconds = "60" }) {
    if (!/^[1-9]\d{0,3}$/.test(seconds)) throw new UsageError("--seconds takes a whole number from 1 to 9999", "skep demo --help");
    if (ask && !openTerminal().interactive) throw new UsageError("--ask needs a terminal", "skep demo");
    const { signal, stop } = interruption();
    const begun = systemClock.monotonic();
    const stage = await setStage(process.env);
    try {
      const facts = await withDesk({ project: stage.repository, acts: false, env: stage.env }, (desk) =>
        play(desk, stage, { ask, json, keep, signal, begun, limitMs: Number(seconds) * 1_000 }),
      );
      return conclude(facts, json);
    } finally {
      if (!keep) stage.remove();
      stop();
    }
  },
});

interface Play {
  readonly ask: boolean;
  readonly json: boolean;
  readonly keep: boolean;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly begun: number;
}

async function play(desk: Desk, stage: Stage, { ask, json, keep, signal, begun, limitMs }: Play): Promise<DemoFacts> {
  const { terminal, project } = desk;
  try {
    if (!json) terminal.print(terminal.paint("dim", `A small library in ${stage.repository}\n`));
    const tell = json ? null : (line: string) => terminal.print(line);
    const swarm = await direct(desk, { goal: stage.goal, ask, tell, signal, limitMs });
    return await factsOf(swarm, stage, (systemClock.monotonic() - begun) / 1000, keep);
  } finally {
    await endKept(project.home, systemClock);
  }
}

function conclude(facts: DemoFacts, json: boolean): number {
  const terminal = openTerminal();
  terminal.print(json ? jsonText({ ...facts }) : reportText(facts, terminal));
  if (facts.ok) return EXIT.ok;
  const missing = facts.shown.flatMap(({ ok, promise }) => (ok ? [] : [promise]));
  const next = facts.repository === null ? "skep demo --keep" : `skep logs ${facts.swarm} --project ${facts.repository}`;
  throw new SkepError("DEMO_INCOMPLETE", `within its time the demo did not show: ${missing.join("; ")}`, next);
}
