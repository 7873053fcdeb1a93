/** One figure of the bench: ours, a floor measured in the same run, and what was promised. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same thing done as barely as possible, on this machine, in this run; null where nothing bare does it. */
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly target: string;
  readonly met: boolean;
  /** What else was counted, e.g. losses. */
  readonly facts?: Readonly<Record<string, number>>;
}

export type Measure = () => Promise<Figure>;

export const round = (value: number): number => Number(value.toPrecision(4));

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new Error("a percentile of nothing");
  return value;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("a median of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
