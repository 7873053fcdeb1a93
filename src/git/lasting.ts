/** Answers about commits named by their full hash, which never change: asked once and kept, the latest used longest. */
import { Recent } from "../base/recent.ts";

type Answer = NonNullable<unknown> | null;
const known = new Recent<Answer>(4_096);

const HASH = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * A failure is not kept, nor what is asked of a name that could come to mean another commit.
 *
 * @param about the question, without the commits.
 * @param small whether an answer is small enough to be kept.
 */
export async function lasting<T extends Answer>(
  about: string,
  hashes: readonly string[],
  ask: () => Promise<T>,
  small: (answer: T) => boolean = () => true,
): Promise<T> {
  if (!hashes.every((one) => HASH.test(one))) return ask();
  const key = keyOf(about, hashes);
  const found = known.get(key);
  if (found !== undefined) return found as T;
  const answer = await ask();
  if (small(answer)) known.set(key, answer);
  return answer;
}

/** What is known without asking, about a commit just made. */
export const noteLasting = (about: string, hashes: readonly string[], answer: Answer): void => known.set(keyOf(about, hashes), answer);

const keyOf = (about: string, hashes: readonly string[]): string => `${about} ${hashes.join(" ")}`;
