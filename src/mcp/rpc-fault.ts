/** Failures of methods that have no answer to put them in: JSON-RPC errors, with skep's code, message and next step as data. */
import { describeError, type Fault, renderFault, SkepError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";

/** The protocol's own number for a resource that is not there, and JSON-RPC's for arguments that cannot be. */
const NOT_FOUND = -32_002;
const BAD_PARAMS = -32_602;
const INTERNAL = -32_603;
const MISSING: ReadonlySet<string> = new Set(["NOT_FOUND", "NO_SWARM", "BAD_ID"]);
const MISUSED: ReadonlySet<string> = new Set(["BAD_INPUT", "UNKNOWN_PROMPT", "WHICH_SWARM"]);

/** What the SDK sends as it stands: it takes number, message and data from whatever is thrown. */
export class RpcFault extends Error {
  readonly code: number;
  readonly data: Fault & Readonly<Record<string, unknown>>;

  constructor(fault: Fault, about: Readonly<Record<string, unknown>> = {}) {
    super(renderFault(fault));
    const { code, message, next, retryable } = fault;
    this.code = MISSING.has(code) ? NOT_FOUND : MISUSED.has(code) ? BAD_PARAMS : INTERNAL;
    this.data = { code, message, next, retryable, ...about };
  }

  /** As the wire has it since 2026-07-28, where what is not there is an argument that cannot be. */
  modern(): { readonly code: number; readonly message: string; readonly data: RpcFault["data"] } {
    return { code: this.code === NOT_FOUND ? BAD_PARAMS : this.code, message: this.message, data: this.data };
  }
}

/** What is not a refusal is a bug: its words stay in our log, the caller learns that it may ask again. */
export function toFault(error: unknown, look: string, logger: Logger): Fault {
  if (error instanceof SkepError) return error;
  logger.error({ err: error }, "a call failed unexpectedly");
  const message = `something in skep failed (${
    describeError(error)
      .split("\n")[0]
      ?.slice(0, 60)
      .replace(/[^\w .:-]/g, "") ?? ""
  })`;
  return { code: "INTERNAL", message, next: look, retryable: true };
}
