/** Makes a list that fails shorter while it still fails: halves, quarters … are left out in turn (ddmin). */

/** @param fails whether these still fail; @param more false: there is no time for another try */
export async function shrink<T>(
  all: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  more: () => boolean,
): Promise<readonly T[]> {
  let kept = all;
  for (let parts = 2; kept.length > 1 && more(); ) {
    const size = Math.ceil(kept.length / parts);
    let smaller: readonly T[] | null = null;
    for (let from = 0; from < kept.length && smaller === null && more(); from += size) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (rest.length > 0 && (await fails(rest))) smaller = rest;
    }
    if (smaller !== null) {
      kept = smaller;
      parts = Math.max(parts - 1, 2);
    } else if (size === 1) return kept;
    else parts = Math.min(parts * 2, kept.length);
  }
  return kept;
}
