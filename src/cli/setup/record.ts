/**
 * What `skep init` put into a checkout, so that `skep uninstall` takes out that and nothing else. It stands in the git folder of the
 * worktree, and is written before the files are: what it names and is not there was never written.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { quote, SkepError } from "../../base/errors.ts";

const entry = z.object({
  kind: z.literal("entry"),
  file: z.string(),
  format: z.enum(["json", "toml"]),
  path: z.tuple([z.string()], z.string()),
  value: z.json(),
  was: z.string(),
  now: z.string(),
  /** The file was made for it. */
  made: z.boolean(),
});
const whole = z.object({ kind: z.literal("file"), file: z.string(), text: z.string() });

const schema = z.object({
  version: z.literal(1),
  parts: z.array(z.discriminatedUnion("kind", [entry, whole])),
  /** Folders that were made, outermost first. */
  folders: z.array(z.string()),
});

export type Setup = z.output<typeof schema>;
export type Part = Setup["parts"][number];
export type EntryPart = z.output<typeof entry>;

const NOTHING: Setup = { version: 1, parts: [], folders: [] };

export class SetupPlace {
  readonly #folder: string;

  constructor(gitDir: string) {
    this.#folder = path.join(gitDir, "skep-setup");
  }

  /** Throws SETUP_UNREADABLE. */
  read(): Setup {
    const file = this.#file();
    if (!existsSync(file)) return NOTHING;
    try {
      return schema.parse(JSON.parse(readFileSync(file, "utf8")));
    } catch {
      const next = `take skep's entries out by hand, then remove ${quote(this.#folder)}`;
      throw new SkepError("SETUP_UNREADABLE", `${quote(file)}, where skep noted what it added, cannot be read`, next);
    }
  }

  write(record: Setup): void {
    put(this.#file(), `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Keeps the text a file had before anything of skep's came into it; a later one does not replace it. */
  backUp(file: string, text: string): void {
    const kept = path.join(this.#folder, "before", file);
    if (existsSync(kept)) return;
    put(kept, text);
  }

  get backups(): string {
    return path.join(this.#folder, "before");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #file(): string {
    return path.join(this.#folder, "record.json");
  }
}

/** All of it or nothing, and for its owner alone: settings of servers may hold keys. */
function put(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
