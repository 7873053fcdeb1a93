import pino from "pino";
import { REDACTED, type Redact, redactDeep, redact as wellKnown } from "./redact.ts";

export type Logger = Pick<pino.Logger, "debug" | "info" | "warn" | "error">;

/** Names under which a secret could stand in a log object. */
const SECRET_KEYS = ["token", "authorization", "password", "secret", "apiKey"];

/**
 * Structured lines on stderr: stdout belongs to frames and to what a command was asked to print.
 * @param level pino level name, from `SKEP_LOG`; "warn" when unset.
 * @param redact takes the secrets out that this process knows; the well-known forms alone when there is none.
 * @param to where lines go instead of stderr, for a test.
 */
export function createLogger(
  name: string,
  level = "warn",
  redact: Redact = (text) => wellKnown(text),
  to?: pino.DestinationStream,
): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`]);
  const options: pino.LoggerOptions = {
    name,
    level,
    redact: { paths, censor: REDACTED },
    serializers: { err: (error: Error) => redactDeep({ ...pino.stdSerializers.err(error) }, redact) },
    hooks: {
      logMethod(words, method) {
        method.apply(this, words.map((word: unknown) => redactDeep(word, redact)) as Parameters<pino.LogFn>);
      },
    },
  };
  return pino(options, to ?? pino.destination({ dest: 2, sync: true }));
}
