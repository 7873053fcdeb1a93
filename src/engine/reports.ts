/** What processes of sessions said, on its way into the log: in order per session, and waiting while the store takes nothing. */
import { sleep } from "../base/clock.ts";
import { describeError, SkepError } from "../base/errors.ts";
import type { SessionId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import type { EngineCommand } from "../domain/commands.ts";

export interface ReportsParts {
  readonly logger: Logger;
  submit(command: EngineCommand): Promise<unknown>;
}

/** Between two tries to write a report down. */
const AGAIN_MS = 200;

export class Reports {
  readonly #parts: ReportsParts;
  readonly #last = new Map<SessionId, Promise<void>>();
  #closing = false;

  constructor(parts: ReportsParts) {
    this.#parts = parts;
  }

  /** `make` is asked when all that was said before is written, and again for each try. */
  add(session: SessionId, make: () => Promise<EngineCommand>): void {
    const before = this.#last.get(session) ?? Promise.resolve();
    const next = before
      .then(() => this.#write(make))
      .catch((error: unknown) => this.#parts.logger.error({ session, error: describeError(error) }, "report not recorded"));
    this.#last.set(session, next);
  }

  /** Waits for no room any more; resolves when every report was written or given up. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#last.values());
  }

  /** Without word of its end a turn would count as running until it is silent for too long. */
  async #write(make: () => Promise<EngineCommand>): Promise<void> {
    for (;;) {
      try {
        await this.#parts.submit(await make());
        return;
      } catch (error) {
        if (this.#closing || !(error instanceof SkepError) || !error.retryable) throw error;
      }
      await sleep(AGAIN_MS);
    }
  }
}
