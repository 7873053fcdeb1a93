/** What a project sets about the checks of submissions. */
import { z } from "zod";
import { isRegExp } from "../base/bounded-search.ts";
import { argv, id, inside, minutes } from "./values.ts";

const regExp = z
  .string()
  .min(1)
  .max(1000)
  .refine((text) => isRegExp(text), "is no regular expression");

const command = z.strictObject({
  name: id.describe("How findings name it."),
  argv: argv.describe("Program and arguments. No shell reads them."),
  cwd: inside.optional().describe("Folder to run in, relative to the repository."),
  minutes: minutes.default(10).describe("Time limit."),
});

const forbidden = z.strictObject({
  pattern: regExp.describe("Regular expression that no added line may match."),
  paths: z.array(inside).max(100).optional().describe("Globs it looks at; without it every changed file."),
  message: z.string().min(1).max(500).describe("What is wrong with a match."),
  fix: z.string().min(1).max(500).describe("What the author does instead."),
});

const measured = z
  .strictObject({
    pattern: regExp.optional().describe("Regular expression whose first group is the number in the output; without it the last number."),
    direction: z.enum(["higher", "lower"]).describe("Which way is better."),
    atLeast: z.number().optional().describe("Smallest number that passes."),
    atMost: z.number().optional().describe("Largest number that passes."),
    betterThan: z.literal("base").optional().describe("The same command is run on the base commit too, and must be beaten."),
    by: z.number().min(0).optional().describe("How much it must be better than the base."),
  })
  .refine(
    ({ atLeast, atMost, betterThan }) => atLeast !== undefined || atMost !== undefined || betterThan !== undefined,
    "needs atLeast, atMost or betterThan: else every number passes",
  );

const metric = z.strictObject({
  ...command.shape,
  paths: z.array(inside).max(100).optional().describe("Globs; only a submission that changes one of them is measured."),
  expect: z.enum(["pass", "fail"]).default("pass").describe("Whether the command must exit with 0 or with anything else."),
  number: measured.optional().describe("The number in its output that decides."),
});

const dependencies = z
  .strictObject({
    allow: z
      .array(z.string().min(1).max(214))
      .max(2000)
      .nullable()
      .default(null)
      .describe("Packages that may become direct dependencies; null lets any come, with a note to the reviewer."),
    licences: z
      .strictObject({
        deny: z
          .array(z.string().min(1).max(100))
          .max(200)
          .default([])
          .describe("Licences no incoming package may have, e.g. AGPL-3.0-only."),
      })
      .prefault({})
      .describe("Licences of packages that come in, where a lock file tells them."),
    licenceChanges: z.enum(["block", "allow"]).default("block").describe("Whether a submission may change the project's own licence."),
  })
  .describe("What a change may do to dependencies and licence.");

const dangerous = z
  .strictObject({
    ignore: z.array(inside).max(100).default([]).describe("Globs of files it does not look at."),
    fileKb: z.number().int().positive().max(1_000_000).default(1024).describe("Largest binary file that may be added, in KiB."),
  })
  .describe("Lines and files that would do harm when run or merged.");

const lines = z.number().int().min(1).max(1_000_000).nullable();
const size = z
  .strictObject({
    lines: lines.default(800).describe("Changed lines above which a submission must be split; null is off."),
    note: lines.default(400).describe("Changed lines above which the reviewer is told; null is off."),
    ignore: z.array(inside).max(100).default([]).describe("Globs that do not count, beside lock files, vendored and generated ones."),
  })
  .describe("How large one submission may be.");

export const checks = z
  .strictObject({
    commands: z
      .array(command)
      .max(50)
      .refine((list) => new Set(list.map((one) => one.name)).size === list.length, "two commands have the same name")
      .nullable()
      .default(null)
      .describe("Commands every submission must pass, such as the tests; null guesses the test command."),
    forbidden: z.array(forbidden).max(200).default([]).describe("Patterns that must not be added."),
    secrets: z
      .strictObject({
        allow: z
          .array(z.string().min(1).max(500))
          .max(200)
          .default([])
          .describe("Strings that look like secrets and are none, e.g. test keys."),
      })
      .prefault({})
      .describe("The search for secrets, always on."),
    metrics: z
      .array(metric)
      .max(20)
      .refine((list) => new Set(list.map((one) => one.name)).size === list.length, "two metrics have the same name")
      .default([])
      .describe("Commands whose exit or number decides; work that fails one is discarded."),
    dangerous: dangerous.prefault({}),
    dependencies: dependencies.prefault({}),
    size: size.prefault({}),
    mergePreview: z
      .enum(["block", "note", "off"])
      .default("note")
      .describe("Whether a submission that would not merge now is returned, noted for the reviewer, or not looked at."),
  })
  .describe("What stops a submission.");
