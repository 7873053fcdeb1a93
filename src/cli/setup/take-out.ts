/** What `skep uninstall` would take out of the checkout's files. Reads files, writes none. */
import path from "node:path";
import { describeError } from "../../base/errors.ts";
import type { FileChange } from "../check/file-change.ts";
import { SETTINGS, withoutHook } from "../check/settings-hook.ts";
import type { EntryValue } from "./format.ts";
import { readOwn, requireWritable } from "./own-file.ts";
import { FORMATS } from "./plan.ts";
import type { EntryPart, Part, Setup } from "./record.ts";

export interface TakeOut {
  readonly changes: readonly FileChange[];
  /** What was changed since, so it is its owner's now: one line each. */
  readonly left: readonly string[];
  /** The parts behind `left`. */
  readonly parts: readonly Part[];
}

interface Draft {
  readonly file: string;
  readonly before: string | null;
  text: string | null;
  /** The folder was made for it as well, as far as can be known. */
  folder?: true;
}

export function takeOut(root: string, { parts }: Setup): TakeOut {
  const drafts = new Map<string, Draft>();
  const draftOf = (name: string): Draft => {
    const { file, text } = readOwn(root, name);
    const draft: Draft = drafts.get(file) ?? { file, before: text, text };
    drafts.set(file, draft);
    return draft;
  };
  /** What cannot be written is left as it is. */
  const step = (draft: Draft, take: (draft: Draft) => string | null): string | null => {
    const was = draft.text;
    const why = take(draft);
    try {
      if (draft.text !== was) requireWritable(root, draft.file, draft.text === null);
    } catch (error) {
      draft.text = was;
      throw error;
    }
    return why;
  };
  const left: string[] = [];
  const kept: Part[] = [];
  // The last that came goes first: each then finds its file as it left it.
  for (const part of parts.toReversed()) {
    const why = reasonOf(() => step(draftOf(part.file), (draft) => takePart(part, draft)));
    if (why === null) continue;
    left.push(`${part.file}: ${why}; it stays`);
    kept.unshift(part);
  }
  // Of these nothing was noted: they are known by what they call.
  for (const name of ["claude", "codex"] as const) {
    const file = SETTINGS[name];
    const why = reasonOf(() => {
      return step(draftOf(file), (draft) => {
        if (!draft.text?.includes(`check --hook ${name}`)) return null;
        draft.text = withoutHook(name, draft.text);
        draft.folder = true;
        return null;
      });
    });
    if (why !== null) left.push(`${file}: ${why}; it stays`);
  }
  const changes = [...drafts].flatMap(([file, { before, text, folder = false }]) =>
    before === text ? [] : [{ kind: "write", path: path.join(root, file), before, after: text, emptyFolders: folder ? 1 : 0 } as const],
  );
  return { changes, left, parts: kept };
}

/** Why it is not taken out; null: it is, or is not there any more. */
function takePart(part: Part, draft: Draft): string | null {
  if (draft.text === null) return null;
  if (part.kind === "file") {
    if (draft.text !== part.text) return "it was changed since it was written";
    draft.text = null;
    return null;
  }
  const text = withoutEntry(draft.text, part);
  if (text === null) return `the entry ${part.path.join(".")} was changed since it was added`;
  draft.text = part.made && text === "" ? null : text;
  return null;
}

function withoutEntry(text: string, { format, path: at, value, was, now }: EntryPart): string | null {
  const edit = FORMATS[format];
  if (edit.find(text, at, value as EntryValue) === "absent") return text;
  return edit.remove(text, at, value as EntryValue, { was, now });
}

function reasonOf(step: () => string | null): string | null {
  try {
    return step();
  } catch (error) {
    return describeError(error);
  }
}
