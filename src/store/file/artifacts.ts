/** Texts stored under the hash of their content: written once, the same text never twice. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { quote, SkepError } from "../../base/errors.ts";
import { sha256 } from "../../base/ids.ts";
import type { Artifacts } from "../ports.ts";
import { writeDurable } from "./durable.ts";
import { isMissing, storeFault } from "./faults.ts";
import { Flusher } from "./flusher.ts";
import { type FileIo, syncDir } from "./io.ts";

const SHA256 = /^[0-9a-f]{64}$/;

export class FileArtifacts implements Artifacts {
  readonly #dir: string;
  readonly #io: FileIo;
  readonly #flusher: Flusher;

  constructor(dir: string, io: FileIo) {
    this.#dir = dir;
    this.#io = io;
    this.#flusher = new Flusher(() => syncDir(dir, io));
  }

  async put(text: string): Promise<string> {
    const sha = sha256(text);
    const file = path.join(this.#dir, sha);
    try {
      const known = statSync(file, { throwIfNoEntry: false });
      // Another process may have stored it a moment ago and not yet synced the folder: that is ours to do as well.
      if (known?.size === Buffer.byteLength(text)) await this.#flusher.flush();
      else await writeDurable(file, text, this.#io, this.#flusher);
    } catch (error) {
      throw storeFault(error, file);
    }
    return sha;
  }

  async get(sha: string): Promise<string> {
    const text = SHA256.test(sha) ? this.#read(sha) : null;
    if (text === null)
      throw new SkepError(
        "ARTIFACT_MISSING",
        `there is no stored text ${quote(sha)}`,
        "restore the swarm's artifacts folder from a backup",
      );
    if (sha256(text) === sha) return text;
    throw new SkepError("ARTIFACT_DAMAGED", `the stored text ${sha} was changed on disk`, "restore it from a backup");
  }

  #read(sha: string): string | null {
    try {
      return readFileSync(path.join(this.#dir, sha), "utf8");
    } catch (error) {
      if (isMissing(error)) return null;
      throw storeFault(error, this.#dir);
    }
  }
}
