/** Order among tasks: cycles, waves, who must come before whom. Works on any `{id, after}`. */
export interface Node {
  readonly id: string;
  readonly after: readonly string[];
}

/** One cycle as a list of ids, or null. Unknown ids are ignored. */
export function findCycle(nodes: readonly Node[]): readonly string[] | null {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (id: string): readonly string[] | null => {
    if (done.has(id)) return null;
    const at = trail.indexOf(id);
    if (at >= 0) return trail.slice(at);
    const node = byId.get(id);
    if (!node) return null;
    trail.push(id);
    for (const before of node.after) {
      const cycle = visit(before);
      if (cycle) return cycle;
    }
    trail.pop();
    done.add(id);
    return null;
  };
  for (const node of nodes) {
    const cycle = visit(node.id);
    if (cycle) return cycle;
  }
  return null;
}

/** Tasks by wave: each task one wave after the latest it waits for. Assumes no cycle; ids outside `nodes` count as done. */
export function waves<N extends Node>(nodes: readonly N[]): readonly (readonly N[])[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depth = new Map<string, number>();
  const depthOf = (node: N): number => {
    const known = depth.get(node.id);
    if (known !== undefined) return known;
    let deepest = 0;
    for (const id of node.after) {
      const before = byId.get(id);
      if (before) deepest = Math.max(deepest, depthOf(before) + 1);
    }
    depth.set(node.id, deepest);
    return deepest;
  };
  const result: N[][] = [];
  for (const node of nodes) {
    const at = depthOf(node);
    while (result.length <= at) result.push([]);
    result[at]?.push(node);
  }
  return result;
}

/** Every id that `id` waits for, directly or not. */
export function ancestors(nodes: readonly Node[], id: string): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  const open = [...(byId.get(id)?.after ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(byId.get(next)?.after ?? []));
  }
  return found;
}

/** The weight of the heaviest chain of tasks that wait for each other. Assumes no cycle. */
export function longest(nodes: readonly (Node & { readonly weight: number })[]): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = new Map<string, number>();
  const lengthOf = (id: string): number => {
    const node = byId.get(id);
    if (!node) return 0;
    const before = known.get(id);
    if (before !== undefined) return before;
    const length = node.weight + Math.max(0, ...node.after.map(lengthOf));
    known.set(id, length);
    return length;
  };
  return Math.max(0, ...nodes.map(({ id }) => lengthOf(id)));
}
