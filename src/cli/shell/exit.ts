/** Exit codes, and errors as one line: `CODE: what. Next: one command.` */
import { describeError, renderFault, SkepError } from "../../base/errors.ts";

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** A gate is open: the swarm waits for a person. */
  human: 3,
} as const;

/** What each says, of any command. */
export const EXIT_MEANS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "it was done, or there was nothing to do",
  failed: "it failed, or what was asked for did not come out",
  usage: "the command line is wrong; nothing was done",
  human: "a swarm waits for a person: the question is shown, with how to answer it",
};

/** Thrown for arguments nobody can act on; the only error that ends with 2. */
export class UsageError extends SkepError {
  constructor(message: string, next: string) {
    super("USAGE", message, next);
  }
}

export function failed(error: unknown): number {
  if (error instanceof SkepError) {
    const { code, message, next, retryable } = error;
    process.stderr.write(`${renderFault({ code, message, next: asCommand(next), retryable })}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
  const detail = process.env.SKEP_LOG === "debug" && error instanceof Error ? `\n${error.stack}` : "";
  const next = detail === "" ? "the same command with SKEP_LOG=debug, and report what it shows" : "report this";
  process.stderr.write(`${renderFault({ code: "INTERNAL", message: describeError(error), next, retryable: false })}${detail}\n`);
  return EXIT.failed;
}

/** Refusals name the next tool call; at a terminal the same thing is a command. */
const COMMAND_OF: Readonly<Record<string, string>> = {
  swarm_create: "skep run",
  swarm_list: "skep status",
  swarm_status: "skep status",
  swarm_wait: "skep watch",
  swarm_pause: "skep pause",
  swarm_resume: "skep resume",
  swarm_stop: "skep stop",
  swarm_land: "skep land",
  gate_answer: "skep answer",
  message_send: "skep send",
  task_list: "skep status",
};
const asCommand = (next: string): string => next.replace(/\b[a-z]+_[a-z]+\b/g, (tool) => COMMAND_OF[tool] ?? tool);
