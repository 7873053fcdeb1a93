/** The generic scenarios of the public MCP conformance suite. */
import { expect, test } from "vitest";
import { startToolServer } from "../support/tool-server.ts";
import { conform, GENERIC } from "./conformance/conform.ts";
import { productEndpoint } from "./conformance/endpoint.ts";

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

test("[mcp.conformance] skep's HTTP endpoint passes every generic scenario of the conformance suite", async () => {
  const endpoint = await productEndpoint("operator-token");
  try {
    const outcomes = await conform(endpoint.url, "operator-token", [...GENERIC, "server-sse-multiple-streams"]);
    const failed = outcomes.filter((outcome) => !outcome.passed);
    expect(failed.map(({ scenario, checks, output }) => ({ scenario, checks, output }))).toEqual([]);
    expect(outcomes).toHaveLength(GENERIC.length + 1);
  } finally {
    await endpoint.close();
  }
});
