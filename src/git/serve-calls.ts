/** The process that starts git for a host: calls come over its channel, and their answers go back. Ends with the host. */
import { describeError, type Fault, SkepError } from "../base/errors.ts";
import { callHere } from "./call.ts";
import { type Answered, asked } from "./starter-protocol.ts";

/** Resolves when the host is gone; what git still does then comes to its own end. */
export function serveCalls(): Promise<void> {
  const running = new Map<number, AbortController>();
  const answer = (message: Answered): void => void (process.connected && process.send?.(message));
  process.on("message", async (message) => {
    const order = asked(message);
    if ("end" in order) return running.get(order.id)?.abort();
    const { id, call } = order;
    const end = new AbortController();
    running.set(id, end);
    try {
      answer({ id, output: await callHere(call, end.signal) });
    } catch (error) {
      answer({ id, fault: faultOf(error) });
    } finally {
      running.delete(id);
    }
  });
  return new Promise((resolve) => process.once("disconnect", () => resolve()));
}

function faultOf(error: unknown): Fault {
  if (error instanceof SkepError) {
    const { code, message, next, retryable } = error;
    return { code, message, next, retryable };
  }
  return { code: "GIT_FAILED", message: describeError(error), next: "the same call again", retryable: false };
}
