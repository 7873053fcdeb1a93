import { asId, type Id, type SeatId, type SwarmId, type TaskId } from "../../src/base/ids.ts";

function brand<I extends Id<string>>(text: string): I {
  const value = asId<I>(text);
  if (value === null) throw new Error(`${text} is no id`);
  return value;
}

/** Ids written out in tests. */
export const id = {
  swarm: (text: string): SwarmId => brand<SwarmId>(text),
  task: (text: string): TaskId => brand<TaskId>(text),
  seat: (text: string): SeatId => brand<SeatId>(text),
};
