/** Looking into parsed files that anybody may have written: what has not the expected shape is not there. */
import type { LockedPackage } from "./read.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown): Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

export const byVersion = (packages: readonly LockedPackage[]): ReadonlyMap<string, LockedPackage> =>
  new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));

/** Version of an entry that is text, or a table with a version or another source. */
export function spec(value: unknown): string {
  if (typeof value === "string") return value;
  const { version, git, path, url, workspace } = fields(value);
  return text(version) ?? text(git) ?? text(url) ?? text(path) ?? (workspace === true ? "workspace" : "*");
}
