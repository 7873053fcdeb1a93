/** How the lines of the screen are shared among its sections. Pure. */

/** Lines a section would fill, and the fewest it is shown with; in order of importance. */
export interface Wish {
  readonly want: number;
  readonly least: number;
}

/**
 * Each section gets its least as long as there is room, the first ones first; what is left goes round, a line at a time.
 * 0: the section is left out.
 */
export function share(rows: number, wishes: readonly Wish[]): readonly number[] {
  let left = Math.max(0, rows);
  const given = wishes.map(({ want, least }) => {
    const takes = Math.min(want, least);
    if (takes === 0 || takes > left) return 0;
    left -= takes;
    return takes;
  });
  for (let before = -1; left > 0 && before !== left; ) {
    before = left;
    for (const [at, { want }] of wishes.entries()) {
      const has = given[at] ?? 0;
      if (left === 0 || has === 0 || has >= want) continue;
      given[at] = has + 1;
      left -= 1;
    }
  }
  return given;
}

interface Window<T> {
  readonly shown: readonly T[];
  /** How many are not shown. */
  readonly hidden: number;
}

/** At most `rows` of a list with the one at `at` among them; when some are left out, the last row is for saying so. */
export function windowOf<T>(list: readonly T[], rows: number, at: number): Window<T> {
  if (list.length <= rows) return { shown: list, hidden: 0 };
  const fits = Math.max(1, rows - 1);
  const from = Math.max(0, Math.min(at - fits + 1, list.length - fits));
  const shown = list.slice(from, from + fits);
  return { shown, hidden: list.length - shown.length };
}
