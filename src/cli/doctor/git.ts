import { describeError } from "../../base/errors.ts";
import { gitVersion } from "../../git/project.ts";
import { type DoctorCheck, fail, ok } from "./check.ts";

export const git: DoctorCheck = async ({ cwd }) => {
  try {
    const { said, old } = await gitVersion(cwd);
    return [old ? fail("git", "git-old", `${said}; 2.38 is needed`, "install a newer git") : ok("git", said)];
  } catch (error) {
    return [fail("git", "git-missing", describeError(error), "install git, 2.38 or newer")];
  }
};
