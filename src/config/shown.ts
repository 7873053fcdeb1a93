/** A setting's value as it may be shown to whoever stands behind a person: what may be a secret is taken out. Pure. */
import { isSecretName, REDACTED, redact } from "../base/redact.ts";
import { originOf } from "./notify-schema.ts";
import type { Origin } from "./origins.ts";

export function shownValue({ path, value }: Pick<Origin, "path" | "value">): unknown {
  const name = path.join(".");
  // An address that is posted to is a password as often as not, and so is what a command is given.
  if (name === "notify.url" && typeof value === "string") return `${originOf(value) ?? ""}/${REDACTED}`;
  if (name === "notify.command" && Array.isArray(value)) return value.map((word: unknown, n) => (n === 0 ? clean(word) : REDACTED));
  return path.some(isSecretName) && isText(value) ? REDACTED : clean(value);
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSecretName(key) && isText(inner) ? REDACTED : clean(inner)]),
  );
}

/** Numbers are limits: `budgets.swarm.tokens` is no secret. */
const isText = (value: unknown): boolean => (typeof value === "string" || Array.isArray(value)) && value.length > 0;
