/** `retention` of `.skep/config.yaml`: how long what only people read is kept before `skep gc` would remove it. */
import { z } from "zod";

const days = z.number().int().min(0).max(36_500);

export const retention = z
  .strictObject({
    days: days.default(30).describe("After this many days branches, backups and transcripts of ended swarms count as old."),
    archiveDays: days.default(90).describe("Ended swarms with nothing left to land are packed into an archive after this many days."),
    diskMb: z
      .number()
      .int()
      .min(1)
      .max(10_000_000)
      .default(2_048)
      .describe(
        "Room for all that is kept of swarms: logs, letters, texts, transcripts, archives. Above it gc also takes what is younger, the oldest first; doctor and a new swarm say so.",
      ),
  })
  .describe("What skep gc counts as old. Nothing is ever removed by itself.");
