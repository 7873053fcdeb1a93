/** `skep agent`: a scripted agent behind a seat, as the `scripted` harness starts it. */
import { runScriptedAgent } from "../agent/run-agent.ts";

export async function run(): Promise<number> {
  const code = await runScriptedAgent(process.stdin, process.stdout, process.stderr);
  process.stdin.destroy();
  return code;
}
