/** Where the work of a swarm is, and the commands that land it or take it back. */
import { shellLine } from "../../base/shell-line.ts";
import { OVER } from "../model.ts";
import type { Gathered } from "./gather.ts";
import type { Work } from "./report.ts";

export function workOf({ state, landing }: Gathered): Work {
  const { id, branch, tip, target, landed, pullRequest } = state;
  const where = { branch, tip, target, landed, pullRequest };
  const none = { ...where, land: null, undo: null };
  if (landed !== null) return { ...none, state: "landed", undo: undoLanded({ state, landing }) };
  if (pullRequest !== null) return { ...none, state: "pull_request" };
  if (state.status !== "none" && !OVER.has(state.status)) return { ...none, state: "in_progress" };
  if (state.byStatus.merged.size === 0) return { ...none, state: "nothing" };
  return { ...where, state: "to_land", land: `skep land ${id}`, undo: `skep undo <task> --swarm ${id}` };
}

const SHORT = 12;

/** A fast-forward brought one commit per task, newest first to be taken back; the others brought one. */
function undoLanded({ state, landing }: Pick<Gathered, "state" | "landing">): string | null {
  const merged = [...state.byStatus.merged].reverse().flatMap((id) => state.tasks.get(id)?.mergedSha?.slice(0, SHORT) ?? []);
  const sha = landing?.sha.slice(0, SHORT) ?? "";
  const args = { squash: [sha], merge: ["-m", "1", sha], "fast-forward": merged, "pull-request": [] }[landing?.strategy ?? "fast-forward"];
  if (args.length === 0 || state.target === null) return null;
  return `${shellLine(["git", "switch", state.target])} && ${shellLine(["git", "revert", "--no-edit", ...args])}`;
}
