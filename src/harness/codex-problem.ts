/** What Codex says of a failure, as a problem that decides something: its code first, then the status, then the words. */
import type { Problem } from "./harness.ts";
import { clip, count, isObject, type JsonObject, text } from "./json-line.ts";
import { problemOf as generalProblem, resetAt, resetIn } from "./problems.ts";

type Kind = Problem["kind"];

const CODES: Readonly<Record<string, Kind>> = {
  contextWindowExceeded: "context_full",
  usageLimitExceeded: "quota",
  sessionBudgetExceeded: "quota",
  rateLimitExceeded: "rate_limit",
  serverOverloaded: "overloaded",
  flexUnavailable: "overloaded",
  policyCapacityUnavailable: "overloaded",
  internalServerError: "overloaded",
  modelNotFound: "model",
  unauthorized: "auth",
  badRequest: "request",
};

export function problemOf(error: JsonObject, windows: RateWindows): Problem {
  const words = [text(error.message), text(error.additionalDetails)].filter(Boolean).join(": ") || "Codex did not say why";
  const kind = kindOf(error.codexErrorInfo, words);
  const waits = kind === "quota" ? (windows.reset() ?? resetIn(words)) : kind === "rate_limit" ? resetIn(words) : null;
  return { kind, message: oneLine(words), reset: waits };
}

export const oneLine = (words: string): string => clip(words.replace(/\s+/g, " ").trim(), 299);

function kindOf(info: unknown, words: string): Kind {
  if (typeof info === "string" && CODES[info]) return CODES[info];
  const [inner] = isObject(info) ? Object.values(info).filter(isObject) : [];
  const status = count(inner?.httpStatusCode) || Number(/(?:unexpected|last) status:? (\d{3})/.exec(words)?.[1] ?? 0);
  const general = generalProblem(status, words)?.kind;
  if (general) return general;
  if (/high demand/.test(words)) return "overloaded";
  return inner || /disconnected/.test(words) ? "network" : "request";
}

/** The account's limits as told in this turn; an update names only what it knows. */
export interface RateWindows {
  see(params: JsonObject): void;
  /** A turn begins: what was told before it explains nothing in it. */
  forget(): void;
  /** When the used-up ones are open again. */
  reset(): Problem["reset"];
}

export function rateWindows(): RateWindows {
  const windows = new Map<string, JsonObject>();
  return {
    see({ rateLimits }) {
      if (!isObject(rateLimits)) return;
      for (const name of ["primary", "secondary"]) {
        const window = rateLimits[name];
        if (isObject(window)) windows.set(name, window);
      }
    },
    forget: () => windows.clear(),
    reset() {
      const used = [...windows.values()].filter(({ usedPercent }) => count(usedPercent) >= 100);
      return resetAt(Math.max(0, ...used.map(({ resetsAt }) => count(resetsAt))));
    },
  };
}

/** The app-server ends by itself only when it cannot begin, or breaks. */
export function diagnose({ code, stderr }: { code: number | null; stderr: string }): Problem | null {
  if (code === 0) return null;
  for (const line of stderr.split("\n")) {
    const kind = ENDS.find(([pattern]) => pattern.test(line))?.[1];
    if (kind) return { kind, message: oneLine(line), reset: null };
  }
  return null;
}
const ENDS: readonly (readonly [RegExp, Kind])[] = [
  [/panicked at/, "crash"],
  [/error loading config|failed to load config|^error: /i, "request"],
];
