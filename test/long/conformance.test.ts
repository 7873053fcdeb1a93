/** The generic scenarios of the public MCP conformance suite. */
import { expect, test } from "vitest";
import { LIVE_PATH, MCP_PATH } from "../../src/mcp/paths.ts";
import { startToolServer } from "../support/tool-server.ts";
import { conform, OF_PRODUCT, scenariosOf } from "./conformance/conform.ts";
import { productEndpoint } from "./conformance/endpoint.ts";
import { fixtureServer } from "./conformance/fixture.ts";

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

test.each([MCP_PATH, LIVE_PATH])(
  "[mcp.conformance] skep's endpoint %s passes every generic scenario of the conformance suite",
  async (path) => {
    const endpoint = await productEndpoint("operator-token", { path });
    try {
      const outcomes = await conform(endpoint.url, "operator-token", OF_PRODUCT);
      expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
      expect(outcomes).toHaveLength(OF_PRODUCT.length);
    } finally {
      await endpoint.close();
    }
  },
);

test("[mcp.conformance.whole] with the fixtures of the suite in the place of the tools, the connection that stays passes all of 2025-11-25", async () => {
  const endpoint = await productEndpoint("operator-token", { path: LIVE_PATH, build: fixtureServer });
  try {
    const scenarios = await scenariosOf("2025-11-25");
    expect(scenarios.length).toBeGreaterThan(25);
    const outcomes = await conform(endpoint.url, "operator-token", scenarios);
    expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
  } finally {
    await endpoint.close();
  }
}, 180_000);
