/**
 * The memory of a scripted session between two processes: which step comes next and what was captured. Written after every
 * step by rename, so a SIGKILL leaves the step before or the step after, never half a file.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { SkepError } from "../base/errors.ts";
import { type Progress, START } from "./interpreter.ts";

export interface ProgressFile {
  load(): Promise<Progress>;
  save(progress: Progress): Promise<void>;
}

/** @param session checked by the protocol: letters, digits and hyphens. */
export function progressFile(folder: string, session: string): ProgressFile {
  const file = path.join(folder, `${session}.json`);
  return {
    async load() {
      try {
        return JSON.parse(await readFile(file, "utf8")) as Progress;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return START;
        throw new SkepError("AGENT_STATE", "the state file of this session cannot be read", "skep logs", { cause: error });
      }
    },
    async save(progress) {
      await mkdir(folder, { recursive: true });
      await writeFile(`${file}.tmp`, JSON.stringify(progress));
      await rename(`${file}.tmp`, file);
    },
  };
}
