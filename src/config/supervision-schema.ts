/** `supervision` of `.skep/config.yaml`: when a session that shows no work is spoken to, told of, and ended. */
import { z } from "zod";
import { DEFAULT_SUPERVISION } from "../domain/supervision.ts";
import { count, minutes } from "./values.ts";

const tier = z.strictObject({
  after: z.number().positive().max(1_000),
  do: z.enum(["nudge", "warn", "end"]),
});

export const supervision = z
  .strictObject({
    stallMinutes: minutes
      .default(DEFAULT_SUPERVISION.stallMs / 60_000)
      .describe("A running turn without a tool call, model output or changed file for this long is stalled; the unit of `tiers`."),
    tiers: z
      .array(tier)
      .min(1)
      .max(12)
      .default([...DEFAULT_SUPERVISION.tiers])
      .refine(
        (tiers) => tiers.every(({ after }, n) => after > (tiers[n - 1]?.after ?? 0)),
        "must rise: each `after` above the one before it",
      )
      .refine((tiers) => tiers.every((one, n) => one.do !== "end" || n === tiers.length - 1), "can end a session only in the last tier")
      .describe(
        "What happens `after` so many stall times, or rows of the same call: nudge the session, warn the queen and you, or end it: it is asked for a note, then stopped, and its job begins anew.",
      ),
    probeSeconds: z
      .number()
      .positive()
      .max(3_600)
      .default(DEFAULT_SUPERVISION.probeMs / 1_000)
      .describe("How long a session that is to be ended has to answer with a note."),
    loop: count
      .default(DEFAULT_SUPERVISION.loop)
      .describe("The same tool with the same arguments so often in a row is a loop; the unit of `tiers` for loops."),
    idleTurns: count
      .default(DEFAULT_SUPERVISION.idleTurns)
      .describe(
        "After so many turns in a row without progress a session is told what is missing; after one more it is asked for a note and a fresh one goes on.",
      ),
    checkInMinutes: minutes
      .default(DEFAULT_SUPERVISION.checkInMs / 60_000)
      .describe(
        "The queen is told what changed without her, merged and returned tasks, at most this often; when nothing did she is not called.",
      ),
    pauseMinutes: z
      .number()
      .min(0)
      .max(24 * 60)
      .nullable()
      .default(30)
      .describe(
        "A swarm in which nothing has moved for this long, and nothing will by itself, pauses itself; your next message or answer resumes it. null or 0: never.",
      ),
  })
  .describe("How sessions are watched.");
