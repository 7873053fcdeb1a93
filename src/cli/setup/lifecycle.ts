/** The hooks of a person's own sessions: at a start or a compaction the session is told where its swarms stand, at a stop it gets its mail. */
import { shellLine } from "../../base/shell-line.ts";
import { SETTINGS } from "../check/settings-hook.ts";
import type { Argv } from "./clients/client.ts";
import type { ClientId } from "./clients/index.ts";
import type { WantedEntry } from "./plan.ts";

export const MOMENTS = ["session-start", "stop"] as const;
export type Moment = (typeof MOMENTS)[number];

/** As both CLIs name them. A compaction is a start, too: without a matcher the hook runs at each. */
const EVENTS: Readonly<Record<Moment, string>> = { "session-start": "SessionStart", stop: "Stop" };

/** npx with an empty cache takes seconds; a session is not held up for longer than that. */
const SECONDS = 30;

/** None for a client whose hooks skep does not know. */
export function lifecycleHooks(client: ClientId, start: Argv): readonly WantedEntry[] {
  if (client !== "claude" && client !== "codex") return [];
  return MOMENTS.map((moment) => ({
    file: SETTINGS[client],
    format: "json",
    path: ["hooks", EVENTS[moment], "-"],
    value: { hooks: [{ type: "command", command: shellLine([...start, "hook", moment]), timeout: SECONDS }] },
  }));
}
