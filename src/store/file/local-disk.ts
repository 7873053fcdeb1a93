/** What kind of file system a folder lies on; refuses those whose appends and locks keep none of the promises the store rests on. */
import { existsSync, statfsSync } from "node:fs";
import path from "node:path";
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
const LOCAL: Readonly<Record<number, string>> = {
  61267: "ext4",
  1481003842: "XFS",
  2435016766: "Btrfs",
  801189825: "ZFS",
  4076150800: "F2FS",
  3393526350: "bcachefs",
  16914836: "tmpfs, gone at a restart",
  2035054128: "overlay, gone with its container unless it is mounted",
};

export type StatFs = (dir: string) => { readonly type: number };

export interface Disk {
  /** As people call it; null: a kind or a platform without a name here. */
  readonly kind: string | null;
  readonly remote: boolean;
  readonly freeBytes: number;
}

/** The disk of `dir`, or of the nearest folder above it that is there. */
export function diskOf(dir: string): Disk {
  let there = dir;
  while (!existsSync(there) && path.dirname(there) !== there) there = path.dirname(there);
  const { type, bavail, bsize } = statfsSync(there);
  const number = process.platform === "linux" ? type >>> 0 : 0;
  return { kind: REMOTE[number] ?? LOCAL[number] ?? null, remote: REMOTE[number] !== undefined, freeBytes: bavail * bsize };
}

/** @throws STORE_REMOTE when `dir` lies on a network file system. Other platforms number theirs otherwise and pass. */
export function refuseRemote(dir: string, statfs: StatFs = statfsSync): void {
  if (process.platform !== "linux") return;
  const kind = REMOTE[statfs(dir).type >>> 0];
  if (kind === undefined) return;
  const what = `${quote(dir, 300)} lies on a ${kind} file system, where concurrent writers would lose data`;
  throw new SkepError("STORE_REMOTE", what, "clone the repository to a local disk and work there");
}
