import path from "node:path";

/** Whether a path, absolute or from `folder`, lies outside that folder. Links are not followed. */
export function isOutside(folder: string, file: string): boolean {
  const way = path.relative(folder, path.resolve(folder, file));
  return way === ".." || way.startsWith(`..${path.sep}`) || path.isAbsolute(way);
}
