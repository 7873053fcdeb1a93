/** What the host's files say. Ports and the token are written once and never replaced; the holder changes with every host. */
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { mintToken, mintUuid } from "../../base/ids.ts";
import { type FileRecord, fileRecord } from "../../store/file/record.ts";
import type { Holder } from "../../store/ports.ts";
import type { HostPlaces } from "./places.ts";

const proc = { pid: z.int().positive(), start: z.string(), machine: z.string(), boot: z.string() };
const holderSchema = z.object({
  holder: z.object({ id: z.string(), ...proc }).nullable(),
  port: z.int(),
  at: z.number(),
  version: z.string().optional(),
});
const keeperSchema = z.object({
  keeper: z.object({ pid: z.int().positive(), start: z.string() }).nullable(),
  /** Ends of hosts that were no clean exits, newest last. */
  failures: z.array(z.object({ at: z.number(), why: z.string() })),
});
export type HostRecord = z.output<typeof holderSchema>;
export type KeeperRecord = z.output<typeof keeperSchema>;

export const holderRecord = (places: HostPlaces): FileRecord<HostRecord> => fileRecord(places.holder, holderSchema);
export const keeperRecord = (places: HostPlaces): FileRecord<KeeperRecord> => fileRecord(places.keeper, keeperSchema);

/** The process named as host; null when none is, or the record is unreadable and so names nobody. */
export async function readHolder(places: HostPlaces): Promise<Holder | null> {
  const record = await holderRecord(places)
    .read()
    .catch(() => null);
  return record?.holder ?? null;
}

export interface ChosenPort {
  readonly n: number;
  readonly port: number;
}

/** The port this project uses now; null before the first choice. */
export function chosenPort(places: HostPlaces): ChosenPort | null {
  let newest: ChosenPort | null = null;
  for (const name of readdirSync(places.dir)) {
    const n = Number(/^port-(\d{1,6})$/.exec(name)?.[1] ?? 0);
    if (n <= (newest?.n ?? 0)) continue;
    const port = Number(readFileSync(places.port(n), "utf8"));
    if (Number.isInteger(port) && port > 1023 && port < 65_536) newest = { n, port };
  }
  return newest;
}

/** True when `port` became the project's n-th choice; false when another process was first. */
export const choosePort = (places: HostPlaces, n: number, port: number): boolean => createOnce(places.port(n), `${port}\n`);

/** The operator's token, minted at the first call of all. */
export function operatorToken(places: HostPlaces): string {
  createOnce(places.token, `${mintToken()}\n`);
  return readFileSync(places.token, "utf8").trim();
}

/** Whole or not at all, and only once, whoever tries at the same time. */
function createOnce(file: string, text: string): boolean {
  const draft = path.join(path.dirname(file), `.${mintUuid()}`);
  writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
