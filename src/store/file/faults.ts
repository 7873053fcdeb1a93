/** File system errors as faults a caller can act on. */
import { describeError, quote, SkepError } from "../../base/errors.ts";

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const READ_ONLY = new Set(["EROFS", "EACCES", "EPERM"]);

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

export const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";

/** `error` as met while working on `place`; a SkepError stays itself. */
export function storeFault(error: unknown, place: string): SkepError {
  if (error instanceof SkepError) return error;
  const code = codeOf(error);
  if (FULL.has(code)) return storeFull(place, error);
  if (READ_ONLY.has(code)) {
    return new SkepError(
      "STORE_READONLY",
      `${quote(place, 300)} may not be written (${code})`,
      "give your user write access to it, then repeat the call",
      {
        cause: error,
      },
    );
  }
  return new SkepError(
    "STORE_FAILED",
    `${quote(place, 300)}: ${describeError(error)}`,
    "look at that file and its disk, then the same call again",
    {
      cause: error,
      retryable: true,
    },
  );
}

/** Whether anything was kept is unknown to the writer: only a repetition with the same key is safe. */
export function storeFull(place: string, cause?: unknown): SkepError {
  const what = `the disk or quota under ${quote(place, 300)} is full`;
  return new SkepError("STORE_FULL", what, "free some space, then repeat the same call", { cause, retryable: true });
}
