import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describeError, quote, SkepError } from "../../base/errors.ts";
import { isId, type SwarmId } from "../../base/ids.ts";
import { originOf } from "../../config/notify-schema.ts";
import { userConfigFile } from "../../config/user.ts";
import { count, inline, listed } from "../../domain/foreign.ts";
import { readTold, toldRecord } from "../../engine/notify/told.ts";
import { notifyOf, readUserConfig } from "../../engine/user-config.ts";
import { storeLayout } from "../../store/file/layout.ts";
import { type DoctorCheck, fail, ok, warn } from "./check.ts";

/** Your own config, how you are told of gates, and what could not be told. */
export const notify: DoctorCheck = async ({ env, project }) => {
  const file = userConfigFile(env) ?? "";
  try {
    const user = readUserConfig(env);
    if (user === null) return [ok("notify", `off; your own config would be ${quote(file, 300)}`)];
    const set = notifyOf(env);
    if (set === null) return [ok("notify", `off; your own config ${quote(file, 300)} is read below the project's`)];
    const ways = [...(set.command ? [inline(set.command[0] ?? "", 200)] : []), ...(set.url ? [originOf(set.url) ?? ""] : [])];
    const found = `${listed(set.on, 3)} by ${listed(ways, 2)}, as ${quote(file, 300)} says`;
    const failed = project instanceof Error ? [] : await failures(path.join(project.commonDir, "skep"));
    const last = failed.at(-1);
    if (!last) return [ok("notify", found)];
    const lost = `${count(failed.length, "notification")} could not be delivered, the last of ${last.swarm} at ${new Date(last.at).toISOString()}: ${inline(last.why, 200)}`;
    return [warn("notify", "notify-undelivered", `${found}; ${lost}`, "skep notify, to try it")];
  } catch (error) {
    return [
      fail("notify", "user-config-invalid", describeError(error), error instanceof SkepError ? error.next : `correct ${quote(file, 300)}`),
    ];
  }
};

async function failures(home: string): Promise<readonly { swarm: SwarmId; at: number; why: string }[]> {
  const { swarms } = storeLayout(home);
  const ids = existsSync(swarms) ? readdirSync(swarms).filter((name): name is SwarmId => isId(name)) : [];
  const all = await Promise.all(
    ids.map(async (swarm) => (await readTold(toldRecord(home, swarm))).failed.map((one) => ({ ...one, swarm }))),
  );
  return all.flat().sort((a, b) => a.at - b.at);
}
