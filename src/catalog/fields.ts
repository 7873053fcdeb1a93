/** Fields that several kinds of data files share. */
import { z } from "zod";
import { ID } from "../base/ids.ts";

export const id = z.string().regex(ID, "is no id: a letter, then letters, digits and hyphens, at most 40, lower case");

/** A path or a glob inside the repository. */
export const inside = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => !/^([/~]|[a-z]:)|[\\\0\n]/i.test(path) && !path.split("/").includes(".."), "must be a path inside the repository");
