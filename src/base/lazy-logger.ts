/** A logger that loads the real one with its first line: a server with nothing to say starts without it. */
import type { Logger } from "./logger.ts";

const METHODS = ["debug", "info", "warn", "error"] as const;
type Method = (typeof METHODS)[number];
/** From the most talkative on, as pino ranks them. */
const LEVELS: readonly string[] = ["trace", ...METHODS, "fatal", "silent"];

export interface LazyLogger extends Logger {
  /** For a moment that suits better than the first line. */
  load(): Promise<Logger>;
}

/** @param level as `createLogger` takes it. */
export function lazyLogger(name: string, level = "warn"): LazyLogger {
  let real: Promise<Logger> | null = null;
  const load = (): Promise<Logger> => {
    real ??= import("./logger.ts").then(({ createLogger }) => createLogger(name, level));
    return real;
  };
  const line =
    (method: Method) =>
    (...words: readonly unknown[]): void => {
      if (LEVELS.indexOf(method) < LEVELS.indexOf(level)) return;
      const say = (logger: Logger): void => (logger[method] as (...all: readonly unknown[]) => void)(...words);
      load().then(say, () => undefined /* a log that cannot be had is no reason to fail */);
    };
  return { load, debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
