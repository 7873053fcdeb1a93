/** Answers about commits named by their full hash, which never change: asked once and kept, the latest used longest. */
const MOST = 4_096;
const known = new Map<string, unknown>();

const HASH = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * A failure is not kept, nor what is asked of a name that could come to mean another commit.
 *
 * @param about the question, without the commits.
 * @param small whether an answer is small enough to be kept.
 */
export async function lasting<T>(
  about: string,
  hashes: readonly string[],
  ask: () => Promise<T>,
  small: (answer: T) => boolean = () => true,
): Promise<T> {
  if (!hashes.every((one) => HASH.test(one))) return ask();
  const key = keyOf(about, hashes);
  if (known.has(key)) {
    const answer = known.get(key) as T;
    known.delete(key);
    known.set(key, answer);
    return answer;
  }
  const answer = await ask();
  if (small(answer)) keep(key, answer);
  return answer;
}

/** What is known without asking, about a commit just made. */
export const noteLasting = (about: string, hashes: readonly string[], answer: unknown): void => keep(keyOf(about, hashes), answer);

const keyOf = (about: string, hashes: readonly string[]): string => `${about} ${hashes.join(" ")}`;

function keep(key: string, answer: unknown): void {
  known.set(key, answer);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
}
