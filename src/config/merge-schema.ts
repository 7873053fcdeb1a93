/** `merge` of `.skep/config.yaml`: what an approved task still has to pass, and how its commit is made. */
import { z } from "zod";
import { DEFAULT_LIMITS } from "../domain/limits.ts";
import { VERIFY } from "../domain/merge-queue.ts";

export const merge = z
  .strictObject({
    verify: z
      .enum(VERIFY)
      .default(DEFAULT_LIMITS.verify)
      .describe("When the checks that run programs run once more, on what the merge would give, before anything is merged."),
    batch: z.number().int().min(1).max(64).default(DEFAULT_LIMITS.batch).describe("Approved tasks that may be verified together."),
  })
  .describe("How approved work gets onto the integration branch.");
