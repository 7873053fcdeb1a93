/** The smallest adapter: a program that waits for one message, says the given events as JSON lines, and ends with 3. */
import type { Harness, HarnessEvent } from "../../../src/harness/harness.ts";

const PROGRAM = `
process.stdin.once("data", () => {
  for (const event of JSON.parse(process.argv[1])) console.log(event.type === "noise" ? event.line : JSON.stringify(event));
  console.error(process.argv[2]);
  process.exitCode = 3;
  process.stdin.destroy();
});
`;

export function plainHarness(says: readonly HarnessEvent[], stderr = ""): Harness {
  return {
    id: "plain",
    provider: "nobody",
    capabilities: { steer: false, interrupt: false, resume: false, receipts: false, cost: false, toolPolicy: false, watchable: true },
    passes: [],
    detect: async () => ({ found: true, path: process.execPath, version: "1" }),
    launch: ({ env }) => ({ argv: [process.execPath, "-e", PROGRAM, JSON.stringify(says), stderr], env, stdin: [] }),
    codec: () => ({
      read: (line) => [line.startsWith("{") ? (JSON.parse(line) as HarnessEvent) : { type: "noise", line }],
      message: (text) => [text],
      interrupt: () => [],
      end: () => [],
    }),
  };
}
