/** `skep git-starter`: started by a host, to start git for it. Small on purpose: it is copied at every start of git. */
import { serveCalls } from "../git/serve-calls.ts";

export async function run(): Promise<number> {
  if (!process.connected) throw new Error("skep git-starter is started by skep alone");
  await serveCalls();
  return 0;
}
