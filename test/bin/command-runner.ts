/** The runner as a program of the test tree: what `skep oneshot` is in the product. */
import { runCommands } from "../../src/harness/command-runner.ts";

process.exitCode = await runCommands(process.stdin, process.stdout, process.env);
process.stdin.destroy();
