import { refusePlatform } from "../shell/platform.ts";
import { type DoctorCheck, fail, ok } from "./check.ts";

export const node: DoctorCheck = async ({ node: version }) => {
  const refusal = refusePlatform({ platform: process.platform, node: version });
  if (refusal === null) return [ok("node", `${version}, on ${process.platform}`)];
  const [what = "", next = ""] = refusal.split(" Next: ");
  return [fail("node", "node-unfit", what, next)];
};
