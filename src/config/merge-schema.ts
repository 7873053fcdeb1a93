/** `merge` of `.skep/config.yaml`: what an approved task still has to pass, and how its commit is made. */
import { z } from "zod";
import { DEFAULT_RULES, HOOKS, SIGN } from "../domain/commit-rules.ts";
import { DEFAULT_LIMITS } from "../domain/limits.ts";
import { VERIFY } from "../domain/merge-queue.ts";

export const merge = z
  .strictObject({
    verify: z
      .enum(VERIFY)
      .default(DEFAULT_LIMITS.verify)
      .describe("When the checks that run programs run once more, on what the merge would give, before anything is merged."),
    batch: z.number().int().min(1).max(64).default(DEFAULT_LIMITS.batch).describe("Approved tasks that may be verified together."),
    sign: z
      .enum(SIGN)
      .default(DEFAULT_RULES.sign)
      .describe("Whether commits that stay are signed; auto: as your commit.gpgSign says. Landing obeys, too."),
    hooks: z
      .array(z.enum(HOOKS))
      .default([...DEFAULT_RULES.hooks])
      .describe("Your git hooks that run on these commits."),
  })
  .describe("How approved work gets onto the integration branch.");
