import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { react } from "../../src/domain/react.ts";
import { swarmView } from "../../src/domain/view.ts";
import { eventsOf, look, looping, stalls, working } from "./supervision-kit.ts";

const { loop } = DEFAULT_LIMITS.supervision;

describe("loops", () => {
  test("[supervision.loop] a row of the same call goes up the same tiers and is named", () => {
    const world = working();
    looping(world, loop);
    expect(look(world)).toMatchObject([{ does: "nudge", why: `called Bash with the same arguments ${loop} times in a row` }]);
    expect(look(world)).toEqual([]);
    looping(world, 2 * loop);
    expect(stalls(look(world))).toEqual(["warn"]);
    expect(swarmView(world.state).agents.find(({ agent }) => agent === "dev-0")?.doing).toContain("calls Bash again and again (10 times)");
    looping(world, 3 * loop);
    expect(stalls(look(world))).toEqual(["end"]);
    expect(world.session("dev-0").watch).toMatchObject({ loops: 1, probe: { because: "loop" } });
  });

  test("[supervision.loop] another call ends it; the next one is counted anew", () => {
    const world = working();
    looping(world, loop);
    look(world);
    looping(world, 1, "Read");
    expect(world.session("dev-0").watch).toMatchObject({ loop: null, loops: 1 });
    looping(world, loop, "Read");
    expect(world.session("dev-0").watch).toMatchObject({ loop: { tool: "Read", times: loop, tiers: 0 }, loops: 2 });
    expect(stalls(look(world))).toEqual(["nudge"]);
    expect(eventsOf(looping(world, loop, "Read"))).toEqual([]);
  });

  test("[supervision.loop] [supervision.files] one whose files change is not ended for it, and is looked at again while it goes on", () => {
    const world = working();
    for (const n of [1, 2, 3]) {
      looping(world, n * loop);
      look(world, { active: { at: world.now, by: "files" } });
    }
    expect(world.session("dev-0").watch).toMatchObject({ loop: { tiers: 2 }, probe: null });
    looping(world, 4 * loop - 1);
    expect(react(world.state, world.now).effects.filter(({ kind }) => kind === "look_at_session")).toEqual([]);
    looping(world, 4 * loop);
    expect(stalls(look(world))).toEqual(["end"]);
  });
});
