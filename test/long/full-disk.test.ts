/** A host that has to end while its disk takes nothing: nobody may find its port held by a process that does nothing more. */
import { rmSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { PLAYBOOKS } from "../chaos/playbooks.ts";
import { install, type Stage, setStage } from "../chaos/stage.ts";
import { until } from "../support/until.ts";

let program = "";
let stage: Stage | undefined;
afterEach(() => {
  for (const { pid } of stage?.living() ?? []) process.kill(pid, "SIGKILL");
  for (const dir of [stage?.dir, program && path.resolve(program, "../..")]) if (dir) rmSync(dir, { recursive: true, force: true });
});

test("[host.full] a host that cannot write down that it is none any more ends all the same, and the next one takes its port", async () => {
  program = await install();
  stage = setStage(program, PLAYBOOKS.pair);
  const { control, pidOf } = stage;
  const host = stage.startHost();
  await until(() => pidOf("host") === host.pid, { what: "a host" });
  control.breakDisk("ENOSPC");
  host.kill("SIGTERM");
  await until(() => host.exitCode !== null || host.signalCode !== null, { what: "the end of the host" });
  control.mendDisk();
  const next = stage.startHost();
  await until(() => pidOf("host") === next.pid, { what: "the next host" });
  next.kill("SIGTERM");
  await until(() => next.exitCode !== null, { what: "the end of the next host" });
  expect([host.exitCode, next.exitCode]).toEqual([0, 0]);
}, 60_000);
