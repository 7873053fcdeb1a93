/** Answers about commits named by their full hash, which never change: asked once and kept, the latest used longest. */
const MOST = 4_096;
const known = new Map<string, unknown>();

const HASH = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * A failure is not kept, nor what is asked of a name that could come to mean another commit.
 *
 * @param about the question, without the commits.
 */
export async function lasting<T>(about: string, hashes: readonly string[], ask: () => Promise<T>): Promise<T> {
  if (!hashes.every((one) => HASH.test(one))) return ask();
  const key = `${about} ${hashes.join(" ")}`;
  if (known.has(key)) {
    const answer = known.get(key) as T;
    known.delete(key);
    known.set(key, answer);
    return answer;
  }
  const answer = await ask();
  known.set(key, answer);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  return answer;
}
