/** A swarm at work, as the view has it. */

import type { SeatId } from "../../../../src/base/ids.ts";
import type { Scene } from "../../../../src/cli/watch/frame.tsx";
import { pictureOf } from "../../../../src/cli/watch/picture.ts";
import { START } from "../../../../src/cli/watch/ui.ts";
import type { State } from "../../../../src/domain/model.ts";
import { approval, id, plan, taskSpec, World } from "../../../domain/world.ts";

export const AT = Date.UTC(2027, 0, 1, 12);

/** One task is merged, one is at work, one is being reviewed, one asks, two wait. */
export function busyWorld(): World {
  const world = World.started();
  world.now = AT - 600_000;
  world.state.createdAt = world.now;
  world.settle();
  const tasks = [taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t1"]), taskSpec("t4", ["t2", "t3"])];
  world.as("queen", plan(tasks));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  world.now = AT - 90_000;
  world.as("dev-0", { type: "submit_task", task: id.task("t1"), attempt: 1, evidence: [1, 2], submission: "did it" });
  world.endTurn("dev-0");
  world.settle();
  const question = "Which format shall the report have?";
  world.as("dev-1", { type: "ask_human", title: question, question, options: ["CSV", "JSON"], fallback: null, minutes: null });
  return world;
}

export function sceneAt(state: Readonly<State> = busyWorld().state): Scene {
  const letter = { id: "1", at: AT - 30_000, from: "dev-0", to: "you", subject: "the parser is done", unread: true, yours: true };
  return {
    ui: { ...START, selected: { kind: "seat", id: "dev-0" as SeatId } },
    picture: pictureOf(state, AT, null),
    mail: [letter],
    news: [
      { at: AT - 95_000, text: "plan revision 1 approved by reviewer" },
      { at: AT - 90_000, text: "t1 submitted" },
    ],
    page: [],
  };
}
