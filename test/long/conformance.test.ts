/** The generic scenarios of the public MCP conformance suite. */
import { expect, test } from "vitest";
import { startToolServer } from "../support/tool-server.ts";
import { conform } from "./conformance/conform.ts";

test("[ground.conformance.notices] the run tells a server without a Host check from one that initializes well", async () => {
  const server = await startToolServer({ echo: () => "hi" }, { tokens: ["t"] });
  try {
    const outcomes = await conform(server.url, "t");
    const passed = Object.fromEntries(outcomes.map((outcome) => [outcome.scenario, outcome.passed]));
    expect(passed, JSON.stringify(outcomes, null, 1)).toEqual({
      "server-initialize": true,
      ping: true,
      "tools-list": true,
      "dns-rebinding-protection": false,
    });
  } finally {
    await server.close();
  }
});
