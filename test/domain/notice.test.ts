/** What a person is told of where they are. */
import { expect, test } from "vitest";
import { newsOf, noticeOf } from "../../src/domain/notice.ts";
import { upTo, working } from "./supervision-kit.ts";
import { taskSpec, World } from "./world.ts";

const notices = (world: World) => newsOf(world.state).map((news) => [news.key, noticeOf(news, world.state, "")] as const);

test("[notify.words] a stall is news while its letter is owed, and says who is stuck and what to look at", () => {
  const world = working();
  expect(notices(world)).toEqual([]);
  upTo(world, 2);
  const [letter] = world.state.letters ?? [];
  expect(notices(world)).toEqual([
    [
      `stall:${letter?.session}:${letter?.at}`,
      {
        ...{ event: "stall", swarm: "s-test", title: "a goal", agent: "dev-0" },
        headline: "skep: dev-0 is stuck",
        text: "s-test a goal: dev-0 does not get on",
        next: "skep logs dev-0 --swarm s-test",
      },
    ],
  ]);
});

test("[notify.words] the end says how it ended and what to do, never in an agent's words; a stop is no news", () => {
  const ended = (status: "completed" | "failed" | "stopped") => {
    const world = World.started({}, undefined, taskSpec("t1"));
    world.remember({ at: world.now, events: [{ type: "swarm_ended", status, ending: "words of an agent" }] });
    return notices(world);
  };
  expect(ended("completed")).toMatchObject([
    ["end", { headline: "skep: a swarm completed", status: "completed", next: "skep land s-test" }],
  ]);
  expect(ended("failed")).toMatchObject([["end", { status: "failed", next: "skep status s-test" }]]);
  expect(JSON.stringify([ended("completed"), ended("failed")])).not.toContain("words of an agent");
  expect(ended("stopped")).toEqual([]);
});
