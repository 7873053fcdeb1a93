import pino from "pino";

export type Logger = Pick<pino.Logger, "debug" | "info" | "warn" | "error">;

/** Names under which a secret could stand in a log object. */
const SECRET_KEYS = ["token", "authorization", "password", "secret", "apiKey"];

/**
 * Structured lines on stderr: stdout belongs to frames and to what a command was asked to print.
 * @param level pino level name, from `SKEP_LOG`; "warn" when unset.
 */
export function createLogger(name: string, level = "warn"): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`]);
  return pino({ name, level, redact: { paths, censor: "[redacted]" } }, pino.destination({ dest: 2, sync: true }));
}
