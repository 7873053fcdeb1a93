/** The resources one client follows: few, each once however often it was asked for, and none longer than the client stays. */
import { SkepError } from "../base/errors.ts";
import { followResource } from "../tools/resources/catalog.ts";
import type { LookContext } from "./answers.ts";

/** Each follows a swarm; a client that wants more than a screen can show is mistaken. */
const MOST_FOLLOWED = 32;

interface Following {
  readonly over: AbortController;
  /** The requests that asked for it. */
  readonly by: Set<unknown>;
}

export class Followed {
  readonly #context: LookContext;
  readonly #closing: AbortSignal;
  readonly #following = new Map<string, Following>();

  /** `closing` ends all of it. */
  constructor(context: LookContext, closing: AbortSignal) {
    this.#context = context;
    this.#closing = closing;
  }

  /** Resolves when the following has begun; throws what is wrong with it. `tell` is called after each change. */
  async add(uri: string, by: unknown, tell: () => void): Promise<void> {
    const known = this.#following.get(uri);
    if (known) return void known.by.add(by);
    if (this.#following.size >= MOST_FOLLOWED) throw tooMany();
    const over = new AbortController();
    this.#following.set(uri, { over, by: new Set([by]) });
    const signal = AbortSignal.any([over.signal, this.#closing]);
    try {
      await followResource(uri, await this.#context(signal), tell, signal);
    } catch (error) {
      this.#following.delete(uri);
      throw error;
    }
  }

  /** Lets go of what `by` asked for, and of nothing that another one asked for too. */
  drop(by: unknown, uris: Iterable<string> = [...this.#following.keys()]): void {
    for (const uri of uris) {
      const following = this.#following.get(uri);
      if (!following?.by.delete(by) || following.by.size > 0) continue;
      following.over.abort();
      this.#following.delete(uri);
    }
  }
}

function tooMany(): SkepError {
  return new SkepError(
    "TOO_MANY",
    `this connection follows ${MOST_FOLLOWED} resources already`,
    "the same call when one of them is let go of",
  );
}
