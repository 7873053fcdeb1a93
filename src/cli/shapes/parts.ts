/** Parts that several commands print as JSON. */
import { z } from "zod";

export const text = () => z.string();
export const maybe = () => z.string().nullable();
export const texts = () => z.array(z.string());
const time = () => z.number().describe("milliseconds since 1970");
export const at = time;

/** Fields only grow in number: what is not named here may be there as well. */
export const object = <T extends z.ZodRawShape>(fields: T) => z.looseObject(fields);

export const version = { version: z.literal(1) };
export const spent = () => object({ usd: z.number(), tokens: z.number() });
export const spend = () => object({ usd: z.number(), tokens: z.number(), turns: z.number(), ms: z.number().describe("time in turns") });
export const counts = () => z.record(z.string(), z.number()).describe("tasks by status; those without one are left out");

export const gate = () =>
  object({
    gate: text(),
    kind: text(),
    title: text(),
    words: text().describe("the question"),
    context: maybe().describe("what one has to know; null: the question says it all"),
    options: texts(),
    means: z.record(z.string(), z.string()).describe("what happens after an option"),
    fallback: maybe().describe("what is taken without an answer"),
    deadlineAt: time().nullable(),
    task: maybe(),
    agent: maybe().describe("who asks"),
  });

export const preview = () =>
  object({
    tasks: z.number(),
    waves: z.array(texts()).describe("ids, wave after wave"),
    speedup: z.number().describe("at most so many times as fast as one agent"),
    tokens: z.number().describe("about so many times its tokens"),
    workers: z.number().describe("more workers make it no faster"),
    shared: z.array(object({ tasks: texts(), file: text() })).describe("tasks in a row that may change the same file"),
    oneAgent: maybe().describe("why one agent would do; null: a swarm is worth it"),
    cost: maybe(),
  });

export const endedTask = () =>
  object({ task: text(), title: text(), status: text(), attempts: z.number(), results: texts(), commit: maybe() });

export const finding = () =>
  object({ check: text(), file: maybe(), line: z.number().nullable(), message: text(), fix: text(), blocks: z.boolean() });
export const look = () =>
  object({
    what: text(),
    mark: z.enum(["ok", "warn", "fail"]),
    code: text().optional().describe("with warn and fail: the same in every version"),
    found: text(),
    fix: text().optional(),
  });
