/** CLIs that cannot take text in a turn, or give no receipts: no adapter of today, but the contract allows them. */
import { expect, test } from "vitest";
import { deliveries, type Message } from "../../src/harness/deliveries.ts";
import type { HarnessEvent } from "../../src/harness/harness.ts";

const STARTED: HarnessEvent = { type: "turn_started" };
const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: null };
const ENDED: HarnessEvent = { type: "turn_ended", ok: true, text: "", error: null, usage };
const message = (receipt: string): Message => ({ text: receipt, receipt, urgency: "next" });

function post(can: { steer: boolean; receipts: boolean }) {
  const written: string[] = [];
  return { written, box: deliveries(can, ({ receipt }) => void written.push(receipt)) };
}

test("[harness.hold] without steering a message waits for the end of the turn, and one goes at a time", async () => {
  const { written, box } = post({ steer: false, receipts: false });
  const fates = ["a", "b", "c"].map((receipt) => box.add(message(receipt)));
  expect(written).toEqual(["a"]);
  box.see(STARTED);
  expect(await fates[0]).toBe("taken");
  expect(written).toEqual(["a"]);
  box.see(ENDED);
  expect(written).toEqual(["a", "b"]);
  box.see(STARTED);
  box.see(ENDED);
  expect(written).toEqual(["a", "b", "c"]);
  box.close();
  expect(await Promise.all(fates)).toEqual(["taken", "taken", "gone"]);
});

test("[harness.receipts-only] with receipts neither the start nor the end of a turn proves a message", async () => {
  const { box } = post({ steer: true, receipts: true });
  const fate = box.add(message("a"));
  box.see(STARTED);
  box.see(ENDED);
  expect(box.busy()).toBe(true);
  box.see({ type: "receipt", receipt: "other" });
  box.close();
  expect(await fate).toBe("gone");
});
