import { existsSync } from "node:fs";
import path from "node:path";
import { DEFAULT_CONFIG } from "../../config/schema.ts";
import { OPERATOR_SHARE } from "../../domain/flood.ts";
import { PLAN_TASKS } from "../../domain/plan-problems.ts";
import { CROWD } from "../../engine/host/crowd.ts";
import { COMMIT_MAX_BYTES } from "../../store/commit.ts";
import { storeUsage, type Usage } from "../../store/file/usage.ts";
import { LETTER_MAX_BYTES, UNREAD_MAX } from "../../store/letter.ts";
import { type DoctorCheck, type Look, ok, warn } from "./check.ts";
import type { Code } from "./codes.ts";

/** Nearer than this to a limit is worth a word. */
const NEAR = 0.8;

/** How much agents may send, ask and add before they are refused, and how near to it the swarms here are. */
export const floods: DoctorCheck = async ({ project, settings }) => {
  const { floods: set } = settings === null || settings instanceof Error ? DEFAULT_CONFIG : settings.config;
  const home = project instanceof Error ? null : path.join(project.commonDir, "skep");
  const uses = home !== null && existsSync(home) ? storeUsage(home) : [];
  const [log, inbox] = [most(uses, "commits"), most(uses, "unread")];
  const n = (value: number): string => value.toLocaleString("en");
  const kib = (bytes: number): string => `${n(Math.ceil(bytes / 1024))} KiB`;
  return [
    measured(
      "messages",
      "inbox-filling",
      `${n(set.messagesPerMinute)} a minute by an agent, ${kib(LETTER_MAX_BYTES)} each, ${n(UNREAD_MAX)} unread of one sender in an inbox`,
      inbox && inbox.unread > 0 ? `most unread: ${n(inbox.unread)} in ${inbox.swarm}` : null,
      (inbox?.unread ?? 0) >= UNREAD_MAX * NEAR,
      "skep logs, to see what its reader does",
    ),
    ok(
      "calls",
      `${n(set.callsPerMinute)} a minute by a session (you: ${OPERATOR_SHARE} times), ${CROWD.callsOfOne} at once, ${CROWD.calls} in all, ${n(CROWD.connections)} connections, ${kib(CROWD.bodyBytes)} each`,
    ),
    ok("starts", `${n(set.startsPerMinute)} sessions of a swarm a minute; further ones wait`),
    ok(
      "tasks",
      `${PLAN_TASKS} in a plan, ${n(set.tasks)} in a swarm; ${n(set.agents)} agents ever, ${set.questions} open questions of one`,
    ),
    measured(
      "log",
      "log-filling",
      `${n(set.commits)} commits of at most ${kib(COMMIT_MAX_BYTES)} before agents only finish`,
      log ? `longest: ${n(log.commits)} commits, ${kib(log.logBytes)} in ${log.swarm}` : null,
      (log?.commits ?? 0) >= set.commits * NEAR,
      "skep status, and a new swarm for further work",
    ),
  ];
};

function measured(what: string, code: Code, limit: string, use: string | null, near: boolean, fix: string): Look {
  const line = use === null ? limit : `${limit}; ${use}`;
  return near ? warn(what, code, line, fix) : ok(what, line);
}

function most(uses: readonly Usage[], field: "commits" | "unread"): Usage | null {
  return uses.reduce<Usage | null>((top, one) => (top === null || one[field] > top[field] ? one : top), null);
}
