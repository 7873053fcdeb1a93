/**
 * Whether the submission would merge into the integration branch as it is now. By default a note: the branch may move on
 * before the merge, and the merge itself decides.
 */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { mergeTrees } from "../git/merge-trees.ts";
import type { Check } from "./check.ts";
import { blocking, capped, note, result } from "./finding.ts";

export const mergePreview: Check<{ readonly on: "block" | "note" }> = {
  id: "merge-preview",
  summary: "The submission would merge into the integration branch as it is now.",
  options: z.strictObject({ on: z.enum(["block", "note"]).default("note") }),
  async run(change, options) {
    // What it would meet belongs to what it looked at.
    const input = { ...options, tip: change.tip };
    if (change.tip === change.base) return result("merge-preview", change, input, []);
    const { conflict } = await mergeTrees(change.worktree, change.tip, change.sha);
    const say = options.on === "block" ? blocking : note;
    const findings = conflict.map((file) => {
      const message = `${quote(file)} conflicts with work that was merged meanwhile (tip ${change.tip.slice(0, 12)})`;
      return say("merge-preview", message, "The next attempt starts on the new tip, with the conflict laid out in the file.", { file });
    });
    return result("merge-preview", change, input, capped(findings, 20));
  },
};
