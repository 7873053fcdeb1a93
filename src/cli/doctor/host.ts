import { existsSync } from "node:fs";
import path from "node:path";
import { type Clock, sleep } from "../../base/clock.ts";
import { isOurs } from "../../engine/host/occupy.ts";
import { hostPlaces } from "../../engine/host/places.ts";
import { chosenPort, holderRecord, keeperRecord } from "../../engine/host/records.ts";
import { askSign } from "../../engine/host/socket.ts";
import { hostDown } from "../../engine/host/want.ts";
import { isAlive, isSame, type ProcessIdentity } from "../../proc/identity.ts";
import { type DoctorCheck, fail, ok, warn } from "./check.ts";

/** On a busy machine a host, or doctor itself, may miss a question or two. */
const PATIENCE_MS = 5_000;
const AGAIN_MS = 50;

/** Host, keeper and port, as their files name them and as they answer. */
export const host: DoctorCheck = async ({ project, clock, version }) => {
  if (project instanceof Error) return [];
  const home = path.join(project.commonDir, "skep");
  if (!existsSync(path.join(home, "host"))) return [ok("host", "never started here; the first swarm starts one")];
  const places = hostPlaces(home);
  const [record, keeper] = await Promise.all(
    [holderRecord(places).read(), keeperRecord(places).read()].map((read) => read.catch(() => null)),
  );
  const port = chosenPort(places)?.port ?? null;
  const holder = record && "holder" in record ? record.holder : null;
  const sign = port === null ? "silent" : await answerAt(port, holder, clock);
  const down = await hostDown(home, clock);
  const kept = keeper && "keeper" in keeper ? keeper.keeper : null;
  const keeps = kept && isSame(kept.pid, kept.start) ? `kept by ${kept.pid}` : "without a keeper";
  if (isOurs(sign, home)) {
    const its = record && "version" in record ? record.version : undefined;
    const found = `runs as ${holder?.pid ?? "?"}, ${keeps}, on port ${port}, version ${its ?? "unknown"}`;
    return [
      its === version ? ok("host", found) : warn("host", "host-other-version", `${found}; this is ${version}`, "skep serve --replace"),
    ];
  }
  if (down !== null) return [fail("host", "host-down", `does not stay up: ${down}`, "skep serve, to see what it says")];
  if (holder && isAlive(holder) === "yes")
    return [warn("host", "host-silent", `${holder.pid} runs and does not answer on port ${port}`, "skep serve --replace")];
  const stranger = sign === "stranger" || typeof sign === "object";
  if (stranger)
    return [warn("host", "port-taken", `none runs, and another program has its port ${port}`, "nothing: the next host takes another port")];
  return [ok("host", `none runs${port === null ? "" : `; its port is ${port}`}; a swarm starts one`)];
};

/** Asks again while the host that should answer lives. */
async function answerAt(port: number, holder: ProcessIdentity | null, clock: Clock): ReturnType<typeof askSign> {
  const deadline = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const sign = await askSign(port);
    if (sign !== "silent" || holder === null || isAlive(holder) !== "yes" || clock.monotonic() >= deadline) return sign;
    await sleep(AGAIN_MS);
  }
}
