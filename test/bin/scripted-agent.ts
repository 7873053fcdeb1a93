/** The scripted agent as a program of the test tree: what `skep agent` is in the product. */
import { runScriptedAgent } from "../../src/agent/run-agent.ts";

process.exitCode = await runScriptedAgent(process.stdin, process.stdout, process.stderr);
process.stdin.destroy();
