/** Refuses file systems whose appends and locks keep none of the promises the store rests on. */
import { statfsSync } from "node:fs";
import { quote, SkepError } from "../../base/errors.ts";

/** f_type as statfs(2) gives it on Linux. */
const REMOTE: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB2",
  16914839: "9p",
  1702057286: "FUSE",
  12805120: "Ceph",
  1397113167: "AFS",
};

export type StatFs = (dir: string) => { readonly type: number };

/** @throws STORE_REMOTE when `dir` lies on a network file system. Other platforms number theirs otherwise and pass. */
export function refuseRemote(dir: string, statfs: StatFs = statfsSync): void {
  if (process.platform !== "linux") return;
  const kind = REMOTE[statfs(dir).type >>> 0];
  if (kind === undefined) return;
  const what = `${quote(dir, 300)} lies on a ${kind} file system, where concurrent writers would lose data`;
  throw new SkepError("STORE_REMOTE", what, "clone the repository to a local disk and work there");
}
