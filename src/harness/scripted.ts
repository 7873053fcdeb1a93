/** The scripted agent as a harness: skep's own program in agent mode, driven by a playbook. For the demo and for tests. */
import path from "node:path";
import { z } from "zod";
import type { Harness, Launch, LaunchOrder } from "./harness.ts";
import { scriptedCodec } from "./scripted-codec.ts";
import { readSettings } from "./settings.ts";

const settings = z.object({
  /** A file of the repository, as it stands in the session's worktree, or an absolute path. */
  playbook: z.string().min(1),
  /** Where sessions keep what they did, so that a resumed one goes on; absent: in the session's own folder. */
  state: z
    .string()
    .refine((value) => path.isAbsolute(value), "an absolute path")
    .optional(),
  /** Arguments for node in front of `agent`; skep's own entry when absent. */
  entry: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});

function launch(order: LaunchOrder): Launch {
  const next = "give playbook, a file of the repository, under harness.adapters.scripted.settings";
  const { playbook, state = order.home, entry = process.argv[1] ?? "" } = readSettings("scripted", settings, order.settings, next);
  const { cliSession: session, resume, mcp, cwd } = order;
  const start = { type: "start", session, resume, playbook: path.resolve(cwd, playbook), state, mcp };
  return {
    argv: [order.binary, ...(typeof entry === "string" ? [entry] : entry), "agent"],
    env: { ...order.env },
    stdin: [JSON.stringify(start)],
  };
}

export const scripted: Harness = {
  id: "scripted",
  provider: "scripted",
  capabilities: { steer: true, interrupt: true, resume: true, receipts: true, cost: false, toolPolicy: false, watchable: true },
  passes: [],
  detect: async () => ({ found: true, path: process.execPath, version: process.versions.node }),
  launch,
  codec: scriptedCodec,
};
