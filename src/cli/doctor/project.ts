import { describeError, quote, SkepError } from "../../base/errors.ts";
import { dirtyFiles } from "../../git/project.ts";
import { type DoctorCheck, fail, ok, warn } from "./check.ts";

export const project: DoctorCheck = async ({ project: found }) => {
  if (found instanceof Error)
    return [fail("project", "project-missing", describeError(found), found instanceof SkepError ? found.next : "skep --help")];
  const where = `${quote(found.root, 200)}, ${found.branch === null ? "detached" : `on ${quote(found.branch, 80)}`}${found.shallow ? ", shallow" : ""}`;
  const dirty = await dirtyFiles(found.root);
  if (dirty.length === 0) return [ok("project", where)];
  const names = dirty.length === 1 ? "1 name is" : `${dirty.length} names are`;
  return [
    warn(
      "project",
      "project-dirty",
      `${where}; ${names} not committed, and a swarm does not see that`,
      "git commit what agents should see",
    ),
  ];
};
