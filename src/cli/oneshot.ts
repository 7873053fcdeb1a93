/** `skep oneshot`: a program run once per message behind a seat, as the `command` harness starts it. */
import { runCommands } from "../harness/command-runner.ts";

export async function run(): Promise<number> {
  const code = await runCommands(process.stdin, process.stdout, process.env);
  process.stdin.destroy();
  return code;
}
