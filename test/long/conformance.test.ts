/** The generic scenarios of the public MCP conformance suite. */
import { expect, test } from "vitest";
import { LIVE_PATH, MCP_PATH } from "../../src/mcp/paths.ts";
import { startToolServer } from "../support/tool-server.ts";
import { conform, conformModern, MODERN_OF_PRODUCT, OF_PRODUCT, requirementsOf, scenariosOf } from "./conformance/conform.ts";
import { productEndpoint } from "./conformance/endpoint.ts";
import { fixtureServer } from "./conformance/fixture.ts";
import { modernFixture } from "./conformance/fixture-modern.ts";

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

/** The suite calls a tool that cannot do without something of its client. No tool of skep is such; one of the fixtures below is. */
const UNTESTABLE = ["sep-2575-missing-capability-http-400", "sep-2575-server-rejects-undeclared-capability"];

test.each([MCP_PATH, LIVE_PATH])(
  "[mcp.conformance.modern] skep's endpoint %s passes the scenarios of 2026-07-28 that ask for nothing of the suite's own",
  async (path) => {
    const endpoint = await productEndpoint("operator-token", { path });
    try {
      const outcomes = await conformModern(endpoint.url, "operator-token", MODERN_OF_PRODUCT);
      const failed = outcomes.flatMap(({ checks, scenario }) =>
        checks.length === 0 ? [scenario] : checks.filter(({ status }) => status === "FAILURE").map(({ id }) => id),
      );
      expect(failed.sort(), JSON.stringify(outcomes, null, 1)).toEqual(UNTESTABLE);
    } finally {
      await endpoint.close();
    }
  },
  120_000,
);

test("[mcp.conformance.modern.whole] with the fixtures of the suite in the place of the tools, all that 2026-07-28 requires is passed", async () => {
  const endpoint = await productEndpoint("operator-token", { buildModern: modernFixture });
  try {
    const { scored, exitCode, output } = await requirementsOf("2026-07-28", endpoint.url, "operator-token");
    expect(Object.keys(scored).length, output).toBeGreaterThanOrEqual(37);
    expect(Object.entries(scored).filter(([, how]) => how !== "passed")).toEqual([]);
    expect(exitCode).toBe(0);
  } finally {
    await endpoint.close();
  }
}, 180_000);
