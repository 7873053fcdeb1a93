/** What a host costs while its swarm waits for a person: processor time, timers that go off early, turns of its agents. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { sleep, systemClock } from "../src/base/clock.ts";
import { MAIN } from "./built.ts";
import { type Figure, round } from "./figure.ts";
import { hostPid, withHost } from "./host.ts";
import { processorOf } from "./memory.ts";
import { inTempDir } from "./stage.ts";

/** For what followed the last turn to be over. */
const SETTLE_MS = 5_000;
const WATCHED_MS = 20_000;
const MOST_PERCENT = 1;

export const idle = (): Promise<Figure> =>
  inTempDir(async (dir) => {
    const file = path.join(dir, "timers");
    const watch = pathToFileURL(path.join(import.meta.dirname, "short-timers.mjs"));
    watch.search = String(new URLSearchParams({ to: file }));
    const timers = (): number =>
      existsSync(file)
        ? readFileSync(file, "utf8")
            .split("\n")
            .filter((line) => line.startsWith("serve ")).length
        : 0;
    return withHost(
      async (hosted) => {
        const host = hostPid(hosted);
        const turns = (): number => [...hosted.swarm.state.sessions.values()].reduce((sum, session) => sum + session.turns, 0);
        await sleep(SETTLE_MS);
        const before = { ...processorOf(host), at: systemClock.monotonic(), timers: timers(), turns: turns() };
        await sleep(WATCHED_MS);
        const ms = systemClock.monotonic() - before.at;
        const value = ((processorOf(host).own - before.own) / ms) * 100;
        const [early, begun] = [timers() - before.timers, turns() - before.turns];
        return {
          name: "a host whose swarm waits for a person",
          value: round(value),
          unit: "% of a core",
          floor: null,
          ratio: null,
          target: `less than ${MOST_PERCENT} %, no timer of less than a second, no turn`,
          // A file that was never written to would mean that nobody watched.
          met: value < MOST_PERCENT && before.timers > 0 && early === 0 && begun === 0,
          facts: { seconds: round(ms / 1000), timersBefore: before.timers, timers: early, turns: begun },
        };
      },
      { program: [process.execPath, "--import", watch.href, MAIN] },
    );
  });
