/** Seats and tasks as tests of the machines name them. */
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import type { SeatSpec, TaskSpec } from "../../src/domain/model.ts";

export const seatSpec = (seat: string, duty: SeatSpec["duty"], provider = "p1"): SeatSpec => ({
  seat: seat as SeatId,
  role: duty === "worker" ? "developer" : duty,
  duty,
  harness: "scripted",
  provider,
  model: null,
});

export const taskSpec = (id: string, after: readonly string[] = [], more: Partial<TaskSpec> = {}): TaskSpec => ({
  id: id as TaskId,
  title: `make ${id}`,
  role: "developer",
  files: [`src/${id}.ts`],
  after: after as readonly TaskId[],
  criteria: 2,
  proof: "tests_pass",
  meets: [1],
  risk: "normal",
  text: "{}",
  ...more,
});

export const MINIMAL: readonly SeatSpec[] = [
  seatSpec("queen", "queen"),
  seatSpec("reviewer", "reviewer"),
  seatSpec("dev-0", "worker"),
  seatSpec("dev-1", "worker"),
];

export const AUDITORS: readonly SeatSpec[] = [seatSpec("reviewer", "reviewer"), seatSpec("reviewer-1", "reviewer")];
