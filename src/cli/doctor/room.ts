/** How looks speak of a disk. */
import type { Disk } from "../../store/file/local-disk.ts";

const GIB = 1024 ** 3;
/** A commit of the log needs nothing of this; an install in a worktree easily more. */
const LITTLE_BYTES = GIB / 2;

export const isLittle = ({ freeBytes }: Disk): boolean => freeBytes < LITTLE_BYTES;

export const roomOn = ({ freeBytes, kind }: Disk): string =>
  `${(freeBytes / GIB).toFixed(freeBytes < 10 * GIB ? 1 : 0)} GiB free${kind === null ? "" : ` on ${kind}`}`;
