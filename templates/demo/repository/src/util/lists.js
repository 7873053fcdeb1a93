/** The items by what `key` says of each, in order of first appearance. */
export function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}

export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
