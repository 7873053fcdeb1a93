/** What the person of a swarm was told of, in a small file beside its log: nothing is told twice, whatever becomes of the host. */
import { z } from "zod";
import type { SwarmId } from "../../base/ids.ts";
import { storeLayout } from "../../store/file/layout.ts";
import { type FileRecord, fileRecord } from "../../store/file/record.ts";

const toldSchema = z.object({
  /** Done with, whatever came of it. */
  told: z.array(z.string()),
  /** Of these what not all ways could tell that are set, oldest first. */
  failed: z.array(z.object({ key: z.string(), at: z.number(), why: z.string() })),
});
export type Told = z.output<typeof toldSchema>;

/** @param home `<git-common-dir>/skep` */
export const toldRecord = (home: string, swarm: SwarmId): FileRecord<Told> => fileRecord(storeLayout(home).swarm(swarm).told, toldSchema);

/** A file that is damaged says nothing: what is still open is told once more. */
export const readTold = (record: FileRecord<Told>): Promise<Told> =>
  record
    .read()
    .then((told) => told ?? { told: [], failed: [] })
    .catch(() => ({ told: [], failed: [] }));
