/**
 * One ref-changing operation at a time per repository within this process. Between processes git's own locks and the old
 * value given with every ref change decide.
 */
const last = new Map<string, Promise<unknown>>();

export function inTurn<T>(repo: { readonly commonDir: string }, work: () => Promise<T>): Promise<T> {
  const before = last.get(repo.commonDir) ?? Promise.resolve();
  const mine = before.then(work, work);
  last.set(repo.commonDir, mine);
  const forget = (): void => {
    if (last.get(repo.commonDir) === mine) last.delete(repo.commonDir);
  };
  mine.then(forget, forget);
  return mine;
}
