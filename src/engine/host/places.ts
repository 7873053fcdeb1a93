/** Every file of the host below `<home>/host`, once. No imports but node's: the keeper uses it too. */
import { mkdirSync } from "node:fs";
import path from "node:path";

export interface HostPlaces {
  readonly dir: string;
  /** Which process is the host. */
  readonly holder: string;
  /** Which process keeps it, and why it could not. */
  readonly keeper: string;
  /** The operator's token, readable by the owner alone. */
  readonly token: string;
  /** What host and keeper print. */
  readonly log: string;
  /** Beside it lies the lock that keeps several callers from starting a host each. */
  readonly start: string;
  /** The n-th port this project chose; the highest number counts. */
  port(n: number): string;
}

/** Makes the folder as well. */
export function hostPlaces(home: string): HostPlaces {
  const dir = path.join(home, "host");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    dir,
    holder: path.join(dir, "holder.json"),
    keeper: path.join(dir, "keeper.json"),
    token: path.join(dir, "operator.token"),
    log: path.join(dir, "host.log"),
    start: path.join(dir, "start"),
    port: (n) => path.join(dir, `port-${n}`),
  };
}
