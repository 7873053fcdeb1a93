import fc from "fast-check";
import { expect, test } from "vitest";
import { EFFECTS } from "../../src/engine/effects/index.ts";
import { FAILPOINTS } from "./all-failpoints.ts";
import { isEarly, operationAt, placeOf, storePlace } from "./failpoints.ts";
import { costsHost, type FaultKind, isDeath, MOST_HOST_DEATHS, planOf } from "./plan.ts";
import { shrink } from "./shrink.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

test("[chaos.plan] a seed gives one plan, as data: so many deaths, and never more of a host than its keeper repairs", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 80 }), (seed, kills) => {
      const plan = planOf(seed, kills);
      expect(JSON.parse(JSON.stringify(planOf(seed, kills)))).toEqual(plan);
      const faults = plan.rounds.flatMap(({ blows }) => blows.map(({ fault }) => fault));
      expect(faults.filter(isDeath).length).toBeGreaterThanOrEqual(kills);
      for (const { blows } of plan.rounds) {
        expect(blows.filter(({ fault }) => costsHost(fault)).length).toBeLessThanOrEqual(MOST_HOST_DEATHS);
        const early = blows.map(({ fault }) => fault.kind === "failpoint" && isEarly(fault.point));
        expect(early.lastIndexOf(true)).toBeLessThanOrEqual(early.indexOf(false) < 0 ? early.length : early.indexOf(false));
      }
    }),
    { numRuns: 40 },
  );
});

test("[chaos.plan.points] a plan of 200 kills lets a process die at every failpoint, before and after", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const struck = planOf(seed, 200).rounds.flatMap(({ blows }) =>
        blows.flatMap(({ fault }) => (fault.kind === "failpoint" && fault.act === "kill" ? [fault.point] : [])),
      );
      expect([...new Set(struck)].sort()).toEqual([...FAILPOINTS].sort());
    }),
    { numRuns: 10 },
  );
});

test("a plan of one kind has faults of that kind alone", () => {
  for (const only of ["kill", "failpoint", "stop", "disk", "clock", "locks", "two-hosts", "torn-tail"] satisfies FaultKind[])
    for (const { blows } of planOf(3, 6, only).rounds) expect(new Set(blows.map(({ fault }) => fault.kind))).toEqual(new Set([only]));
});

test("[chaos.shrink] a failing list becomes the smallest that still fails, and stays as it is when there is no time", async () => {
  const all = Array.from({ length: 17 }, (_, n) => n);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 16 }), { minLength: 1, maxLength: 4 }), async (needed) => {
      const fails = async (some: readonly number[]): Promise<boolean> => needed.every((n) => some.includes(n));
      expect(await shrink(all, fails, () => true)).toEqual([...needed].sort((a, b) => a - b));
      expect(await shrink(all, fails, () => false)).toEqual(all);
    }),
  );
});

test("what the store does to a file is at the place that the registry names", () => {
  const swarm = "swarms/s-abc";
  expect(storePlace("write", `${swarm}/events.jsonl`, () => '{"command":"take_lease"}')).toBe("lease.write");
  expect(storePlace("write", `${swarm}/events.jsonl`, () => '{"command":"pause_swarm"}')).toBe("log.write");
  expect(storePlace("sync", `${swarm}/events.jsonl`)).toBe("log.sync");
  expect(storePlace("rename", `${swarm}/mail/dev-0/new/x.json`)).toBe("mail.store");
  expect(storePlace("sync", `${swarm}/mail/dev-0/new`)).toBe("mail.folder");
  expect(storePlace("rename", swarm)).toBe("swarm.rename");
  expect(storePlace("link", "host/port-1")).toBe("host.port");
  expect(storePlace("write", "host/host.log")).toBeNull();
  for (const point of FAILPOINTS) expect(["before", "after"]).toContain(point.slice(0, -placeOf(point).length - 1));
  expect(FAILPOINTS.filter((point) => operationAt(point) === "effect")).toHaveLength(2 * Object.keys(EFFECTS).length);
});
