/**
 * Who starts git. To start a program a process is copied first, which takes a large one many times as long as a small one, and
 * it answers nobody meanwhile. So a host has a small process of its own for it; every other process starts git itself.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { availableParallelism } from "node:os";
import { SkepError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import { type Channel, openChannel } from "../proc/channel.ts";
import { callHere, type GitCall, type GitOutput } from "./call.ts";
import { type Asked, answered } from "./starter-protocol.ts";

let starter: Starter | null = null;

export const callGit = (call: GitCall, signal?: AbortSignal): Promise<GitOutput> =>
  starter?.ready ? starter.call(call, signal) : callHere(call, signal);

/** From now on git is started by the program `argv`, which is started with the first call. Answers how to go back. */
export function startGitBy(argv: readonly [string, ...string[]], logger: Logger): () => void {
  const mine = new Starter(argv, logger);
  starter = mine;
  return () => {
    if (starter === mine) starter = null;
    mine.close();
  };
}

const yielding = new AsyncLocalStorage<true>();

/** Calls of git within `work` let others go first: no agent waits for them. */
export const inBackground = <T>(work: () => T): T => yielding.run(true, work);

interface Waiting {
  resolve(output: GitOutput): void;
  reject(error: unknown): void;
}

/** At a time, of calls that let others go first. */
const BACKGROUND = availableParallelism();

class Starter {
  readonly #argv: readonly [string, ...string[]];
  #channel: Channel | null = null;
  readonly #logger: Logger;
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: (() => void)[] = [];
  #inBackground = 0;
  #last = 0;
  /** Without it, after its end, this process starts git itself: nothing is lost but time. */
  ready = true;

  constructor(argv: readonly [string, ...string[]], logger: Logger) {
    this.#argv = argv;
    this.#logger = logger;
  }

  async call(call: GitCall, signal?: AbortSignal): Promise<GitOutput> {
    if (!yielding.getStore()) return this.#send(call, signal);
    if (this.#inBackground < BACKGROUND) this.#inBackground += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await this.#send(call, signal);
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#inBackground -= 1;
    }
  }

  close(): void {
    this.#channel?.close();
  }

  async #send(call: GitCall, signal: AbortSignal | undefined): Promise<GitOutput> {
    signal?.throwIfAborted();
    if (!this.ready) return callHere(call, signal);
    this.#last += 1;
    const id = this.#last;
    const end = (): void => void this.#ask({ id, end: true });
    signal?.addEventListener("abort", end, { once: true });
    try {
      return await new Promise<GitOutput>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#ask({ id, call });
        this.#channel?.hold(true);
      });
    } finally {
      signal?.removeEventListener("abort", end);
      signal?.throwIfAborted();
    }
  }

  #ask(asked: Asked): void {
    this.#channel ??= openChannel(this.#argv, {
      env: process.env,
      hear: (message) => this.#hear(message),
      gone: (why) => this.#gone(why),
    });
    this.#channel.send(asked);
  }

  #hear(message: unknown): void {
    const { id, ...answer } = answered(message);
    const waiting = this.#take(id);
    if ("output" in answer) waiting?.resolve(answer.output);
    else waiting?.reject(new SkepError(answer.fault.code, answer.fault.message, answer.fault.next, answer.fault));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#channel?.hold(false);
    return waiting;
  }

  #gone(why: string): void {
    this.ready = false;
    if (starter !== this && this.#waiting.size === 0) return;
    this.#logger.warn({ why }, "the process that starts git ended; git is started by the host itself");
    // Whether it was done is not known; everything skep does with git is safe to repeat.
    const error = new SkepError("GIT_FAILED", "the process that started git ended in between", "the same call again", { retryable: true });
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(error);
  }
}
