/** Argument fields that mean the same in every tool. Limits are enforced here and named in the error. */
import { z } from "zod";
import { type GateId, ID, type SeatId, type SwarmId, type TaskId } from "../base/ids.ts";

const id = <I extends string>() =>
  z
    .string()
    .refine((text) => ID.test(text), "is no id (a letter, then letters, digits and hyphens, at most 40)")
    .transform((text) => text as I);

export const taskId = () => id<TaskId>();
export const seatId = () => id<SeatId>();
export const gateId = () => id<GateId>();
export const swarmId = () => id<SwarmId>();
export const roleId = () => id<string>();

/** Text with something in it. */
export const prose = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.trim() !== "", "is empty");

/** One line: it becomes a subject, a list entry, a merge message. */
export const line = (max: number) => prose(max).refine((text) => !/[\n\r]/.test(text), "must be one line");

export const attempt = () => z.int().describe("From your briefing");
export const ownTask = () => taskId().optional().describe("Task id; omit for the one you hold");

/** A commit; a shortened one is taken where it can only mean the submitted one. */
export const commitId = () =>
  z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, "is no commit id")
    .describe("From the request");

/** A path or glob inside the repository, as a task may own it. */
export const ownedPath = () =>
  z
    .string()
    .min(1)
    .max(160)
    .refine((path) => isInside(path), "must be relative, inside the repository, and outside .git and .skep");

function isInside(path: string): boolean {
  const steps = path.replace(/^\.\//, "").split("/");
  if (/^([/~]|[a-z]:)|[\\\0\n\r]/i.test(path) || steps.includes("..")) return false;
  return steps[0] !== ".git" && steps[0] !== ".skep";
}

export const repeated = () => z.boolean().optional();
export const next = () => z.string();
