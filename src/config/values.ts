/** Kinds of values that several groups of settings are made of. */
import { z } from "zod";
import { ID } from "../base/ids.ts";

export const id = z.string().regex(ID, "is no id: a letter, then letters, digits and hyphens, at most 40, lower case");
export const argv = z.array(z.string().min(1).max(4096)).min(1).max(100);
export const count = z.number().int().min(1).max(10_000);
export const minutes = z
  .number()
  .positive()
  .max(24 * 60);
/** Never leaves the folder it is joined to: relative, forward slashes, no `..`, not git's own folder. */
export const inside = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => isInside(path), "must be a relative path inside the repository, without `..` and outside .git");

function isInside(path: string): boolean {
  const steps = path.split("/");
  return !/^([/~]|[a-z]:)|[\\\0\n]/i.test(path) && !steps.includes("..") && steps[0] !== ".git";
}
