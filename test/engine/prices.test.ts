/** Money for CLIs that only count tokens. */
import { expect, test } from "vitest";
import { shippedPrices } from "../../src/catalog/prices.ts";
import { type Price, priceOf } from "../../src/domain/price.ts";
import { recording } from "../../src/engine/transcript/recorded.ts";
import type { HarnessEvent, Usage } from "../../src/harness/harness.ts";

const million = { inputTokens: 1_000_000, cachedTokens: 1_000_000, outputTokens: 1_000_000 };
const TABLE: readonly Price[] = [
  { model: "big-2*", input: 3, cached: 0.3, output: 15 },
  { model: "big*", input: 5, output: 25 },
  { model: "*mini*-x", input: 1, cached: 0, output: 1 },
];

test("[seen.price] the first price that fits counts; providers in front of a name do not matter; cached input has its own price", () => {
  expect(priceOf(TABLE, "big-2-20260101", million)).toBeCloseTo(18.3);
  expect(priceOf(TABLE, "vendor/Big-1", million)).toBeCloseTo(35);
  expect(priceOf(TABLE, "a-mini-b-x", million)).toBeCloseTo(2);
});

test.each(["small", "x-mini", "mini-y", "abig"])("[seen.price.unknown] %s has no price", (model) => {
  expect(priceOf(TABLE, model, million)).toBeNull();
});

test("[seen.price] the shipped table has a date and sources, and no entry that an earlier one hides", () => {
  const { asOf, sources, prices } = shippedPrices();
  expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(sources.length).toBeGreaterThan(0);
  for (const [index, price] of prices.entries()) {
    const example = price.model.replace("*", "");
    expect(
      prices.findIndex((one) => priceOf([one], example, million) !== null),
      price.model,
    ).toBe(index);
    expect(price.cached ?? 0).toBeLessThan(price.input);
  }
});

const told = (usage: Usage, model: string | null): Usage => {
  const heard: HarnessEvent[] = [];
  const { onEvent } = recording({
    write: () => undefined,
    redact: (text) => text,
    hear: (event) => heard.push(event),
    prices: TABLE,
    model,
  });
  onEvent({ type: "turn_ended", ok: true, text: "", error: null, usage });
  return (heard[0] as Extract<HarnessEvent, { type: "turn_ended" }>).usage;
};

test("[seen.price][seen.price.unknown] a turn gets its money from the model that answered, else from the session's; what the CLI says stays", () => {
  expect(told({ ...million, usd: null, model: "big-2" }, "big-1")).toMatchObject({ usd: 18.3, estimated: true });
  expect(told({ ...million, usd: null }, "big-1")).toMatchObject({ usd: 35, estimated: true });
  expect(told({ ...million, usd: null }, "unknown")).toEqual({ ...million, usd: null });
  expect(told({ ...million, usd: null }, null)).toEqual({ ...million, usd: null });
  expect(told({ ...million, usd: 0.5, model: "big-2" }, null)).toEqual({ ...million, usd: 0.5, model: "big-2" });
});
