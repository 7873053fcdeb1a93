/** What `skep init` would write, as changes to show and a record to keep. Reads files, writes none. */
import { existsSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { SkepError } from "../../base/errors.ts";
import type { FileChange } from "../check/file-change.ts";
import type { EntryPath, EntryValue, Format } from "./format.ts";
import { json } from "./json-file.ts";
import { readOwn, requireWritable, unreadable } from "./own-file.ts";
import type { EntryPart, Part, Setup } from "./record.ts";
import { toml } from "./toml-file.ts";

export const FORMATS: Readonly<Record<EntryPart["format"], Format>> = { json, toml };

export interface WantedEntry {
  readonly file: string;
  readonly format: EntryPart["format"];
  readonly path: EntryPath;
  readonly value: EntryValue;
  readonly fresh?: Readonly<Record<string, EntryValue>>;
}
export interface WantedFile {
  readonly file: string;
  readonly text: string;
}

export interface Plan {
  readonly changes: readonly FileChange[];
  readonly record: Setup;
  /** Texts of files that are changed, as they are now. */
  readonly backups: readonly { readonly file: string; readonly text: string }[];
  /** What is left as it is, and why: one line each. */
  readonly kept: readonly string[];
  /** What cannot be edited safely. The rest is done without it. */
  readonly refused: readonly SkepError[];
}

/** One file's way through all that is wanted of it. */
interface Draft {
  readonly file: string;
  readonly before: string | null;
  text: string | null;
}

export class Planner {
  readonly #root: string;
  readonly #drafts = new Map<string, Draft>();
  readonly #kept: string[] = [];
  /** By what is said: what keeps one entry out of a file keeps the next one out, and is told once. */
  readonly #refused = new Map<string, SkepError>();
  #parts: readonly Part[];
  readonly #folders: string[];

  constructor(root: string, record: Setup) {
    this.#root = root;
    this.#parts = record.parts;
    this.#folders = [...record.folders];
  }

  /** Put in once; one of skep's that differs is replaced, one of somebody else's is left. False: it is refused. */
  entry(wanted: WantedEntry): boolean {
    return this.#orRefuse(() => {
      this.#entry(wanted);
      return true;
    });
  }

  #entry({ file, format, path: at, value, fresh }: WantedEntry): void {
    const draft = this.#draft(file);
    const edit = FORMATS[format];
    const ours = this.#parts.find((part) => part.kind === "entry" && part.file === file && isDeepStrictEqual(part.path, at)) as
      | EntryPart
      | undefined;
    try {
      const isOld = ours !== undefined && !isDeepStrictEqual(ours.value, value);
      const without = isOld && draft.text !== null ? edit.remove(draft.text, ours.path, ours.value as EntryValue, ours) : null;
      const clean = without ?? draft.text ?? "";
      const found = edit.find(clean, at, value);
      if (found === "same") return;
      if (found === "other") {
        this.#kept.push(`${file}: there is another entry ${at.join(".")}, and it stays as it is`);
        return;
      }
      const { text, was, now } = edit.add(clean, at, value, fresh);
      const made = draft.before === null || (ours?.made ?? false);
      this.#change(draft, text);
      this.#parts = [
        ...this.#parts.filter((part) => part !== ours),
        { kind: "entry", file, format, path: [...at], value: value as EntryPart["value"], was, now, made },
      ];
    } catch (error) {
      if (error instanceof SyntaxError) throw unreadable(file, error.message);
      throw error;
    }
  }

  /** A file of skep's own: written when there is none, or when it is still what skep wrote. False: it is somebody else's, and is left. */
  file(wanted: WantedFile): boolean {
    return this.#orRefuse(() => this.#file(wanted));
  }

  #file({ file, text }: WantedFile): boolean {
    const draft = this.#draft(file);
    if (draft.text === text) return true;
    const ours = this.#parts.find((part) => part.kind === "file" && part.file === file);
    if (draft.text !== null && !(ours?.kind === "file" && ours.text === draft.text)) {
      this.#kept.push(`${file}: it is there, and stays as it is`);
      return false;
    }
    this.#change(draft, text);
    this.#parts = [...this.#parts.filter((part) => part !== ours), { kind: "file", file, text }];
    return true;
  }

  #orRefuse(step: () => boolean): boolean {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof SkepError)) throw error;
      this.#refused.set(error.message, error);
      return false;
    }
  }

  #change(draft: Draft, text: string): void {
    requireWritable(this.#root, draft.file);
    draft.text = text;
  }

  plan(): Plan {
    const changed = [...this.#drafts].filter(([, { before, text }]) => text !== before);
    const changes = changed.map(
      ([file, { before, text }]) => ({ kind: "write", path: path.join(this.#root, file), before, after: text }) as const,
    );
    const backups = changed.flatMap(([file, { before }]) => (before === null ? [] : [{ file, text: before }]));
    const folders = changed.flatMap(([file]) => this.#missingFolders(file));
    return {
      changes,
      backups,
      kept: this.#kept,
      refused: [...this.#refused.values()],
      record: { version: 1, parts: [...this.#parts], folders: [...new Set([...this.#folders, ...folders])] },
    };
  }

  #draft(name: string): Draft {
    const { file, text } = readOwn(this.#root, name);
    const known = this.#drafts.get(file);
    if (known) return known;
    const draft = { file, before: text, text };
    this.#drafts.set(file, draft);
    return draft;
  }

  #missingFolders(file: string): readonly string[] {
    const steps = path
      .dirname(file)
      .split("/")
      .filter((step) => step !== ".");
    return steps.map((_, index) => steps.slice(0, index + 1).join("/")).filter((folder) => !existsSync(path.join(this.#root, folder)));
  }
}
