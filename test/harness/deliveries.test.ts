/** The queue of one session: CLIs that take text in a turn or not, give receipts or not, can be interrupted or not. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Abilities, deliveries, type Message } from "../../src/harness/deliveries.ts";
import type { HarnessEvent } from "../../src/harness/harness.ts";

const STARTED: HarnessEvent = { type: "turn_started" };
const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: null };
const ENDED: HarnessEvent = { type: "turn_ended", ok: true, text: "", error: null, usage };
const message = (receipt: string, urgency: Message["urgency"] = "next"): Message => ({ text: receipt, receipt, urgency });

function post(can: Partial<Abilities>) {
  const written: string[] = [];
  const box = deliveries(
    { steer: false, receipts: false, interrupt: false, ...can },
    ({ receipt }) => void written.push(receipt),
    () => void written.push("cut"),
  );
  return { written, box };
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

test("[harness.urgent] an urgent message goes before those that wait, and cuts the turn once where the CLI can", async () => {
  const { written, box } = post({ interrupt: true });
  for (const receipt of ["a", "b"]) void box.add(message(receipt));
  box.see(STARTED);
  for (const receipt of ["x", "y"]) void box.add(message(receipt, "now"));
  expect(written).toEqual(["a", "cut"]);
  box.see(ENDED);
  expect(written).toEqual(["a", "cut", "x"]);
  // Not before its turn has shown itself: a turn that did not begin cannot be cut.
  box.see(STARTED);
  expect(written).toEqual(["a", "cut", "x", "cut"]);
  box.see(ENDED);
  box.see(STARTED);
  box.see(ENDED);
  expect(written).toEqual(["a", "cut", "x", "cut", "y", "b"]);
  const deaf = post({});
  void deaf.box.add(message("a"));
  deaf.box.see(STARTED);
  void deaf.box.add(message("x", "now"));
  expect(deaf.written).toEqual(["a"]);
});

test("[harness.proof] what proved a message is a receipt where the CLI gives one, else the turn that holds it", async () => {
  const spoken = post({ steer: true, receipts: true }).box;
  const fate = spoken.add(message("a"));
  expect(spoken.proofOf("a")).toBeNull();
  spoken.see({ type: "receipt", receipt: "a" });
  expect([await fate, spoken.proofOf("a")]).toEqual(["taken", "receipt"]);
  const silent = post({}).box;
  void silent.add(message("a"));
  silent.see(STARTED);
  expect(silent.proofOf("a")).toBe("turn");
  void silent.add(message("b"));
  silent.close();
  expect(silent.proofOf("b")).toBeNull();
});

type Step = { readonly add: "next" | "now" } | "started" | "ended" | "receipt" | "again";
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Step>({ add: "next" }, { add: "now" }) },
    { weight: 6, arbitrary: fc.constantFrom<Step>("started", "ended", "receipt", "again") },
  ),
  { maxLength: 60 },
);
const abilities = fc.record({ steer: fc.boolean(), receipts: fc.boolean(), interrupt: fc.boolean() });

test("[harness.queue] no message is lost or written twice, order is kept per urgency, and each fate is told once", async () => {
  await fc.assert(
    fc.asyncProperty(abilities, steps, fc.boolean(), async (can, walk, drained) => {
      const written: Message[] = [];
      const fates = new Map<string, string[]>();
      const proved = new Set<string>();
      let cuts = 0;
      const box = deliveries(
        can,
        (one) => void written.push(one),
        () => {
          cuts += 1;
        },
      );
      const added: Message[] = [];
      let turns = 0;
      const see = (event: HarnessEvent) => {
        // What lies in the session's hands when a turn begins or ends is what that turn can hold.
        if (event.type === "receipt") proved.add(event.receipt);
        else if (!can.receipts) for (const { receipt } of written) proved.add(receipt);
        if (event.type === "turn_started") turns += 1;
        box.see(event);
      };
      const next = () => written.find(({ receipt }) => !proved.has(receipt));
      const settle = async () => void (await new Promise((resolve) => setImmediate(resolve)));
      for (const step of walk) {
        if (typeof step === "object") {
          const one = message(`m${added.length}`, step.add);
          added.push(one);
          fates.set(one.receipt, []);
          void box.add(one).then((fate) => fates.get(one.receipt)?.push(fate));
        } else if (step === "again") {
          const one = added[Math.floor(added.length / 2)];
          if (one) void box.add(one);
        } else if (step === "receipt") {
          const one = next();
          if (one) see({ type: "receipt", receipt: one.receipt });
        } else see(step === "started" ? STARTED : ENDED);
      }
      if (drained)
        for (let n = 0; n <= added.length; n += 1) {
          see(STARTED);
          for (let one = next(); one; one = next()) see({ type: "receipt", receipt: one.receipt });
          see(ENDED);
        }
      await settle();
      // Told at once, and only what was proved.
      for (const { receipt } of added) expect(fates.get(receipt)).toEqual(proved.has(receipt) ? ["taken"] : []);
      box.close();
      await settle();
      for (const { receipt } of added) expect(fates.get(receipt)).toEqual([proved.has(receipt) ? "taken" : "gone"]);
      const receipts = written.map(({ receipt }) => receipt);
      expect(new Set(receipts).size).toBe(receipts.length);
      if (drained) expect([...receipts].sort()).toEqual(added.map(({ receipt }) => receipt).sort());
      for (const urgency of ["now", "next"] as const) {
        const of = (list: readonly Message[]) => list.filter((one) => one.urgency === urgency).map(({ receipt }) => receipt);
        expect(of(written)).toEqual(of(added).slice(0, of(written).length));
      }
      expect(cuts).toBeLessThanOrEqual(can.interrupt && !can.steer ? turns : 0);
    }),
    { numRuns: 300 },
  );
});
