/** The hook of an agent CLI in its JSON settings: one more entry under `hooks.PreToolUse`, everything else byte for byte as it was. */
import path from "node:path";
import { quote, SkepError } from "../../base/errors.ts";
import { shellLine } from "../../base/shell-line.ts";
import { readOwn } from "../setup/own-file.ts";
import type { PlanHook } from "./install.ts";
import { addEntry, removeEntry } from "./json-entry.ts";

const SECONDS = 60;

type Name = "claude" | "codex";
/** The settings each of them has in a project. */
export const SETTINGS: Readonly<Record<Name, string>> = { claude: ".claude/settings.json", codex: ".codex/hooks.json" };

const isHookOf =
  (name: Name) =>
  (value: unknown): boolean =>
    JSON.stringify(value)?.includes(` check --hook ${name}"`) === true;

/** The settings without the hook; null: they were made for it. Throws SyntaxError. */
export const withoutHook = (name: Name, text: string): string | null => removeEntry(text, isHookOf(name));

export const settingsHook =
  (name: Name, note: string): PlanHook =>
  async (place, verb, program) => {
    const { file, text: before } = readOwn(place.root, SETTINGS[name]);
    const settings = path.join(place.root, file);
    const tail = `check --hook ${name}`;
    const isOurs = isHookOf(name);
    const entry = entryText(shellLine([...program, ...tail.split(" ")]));
    try {
      const after = verb === "install" ? addEntry(before, entry, isOurs) : before === null ? null : removeEntry(before, isOurs);
      const changes = after === before ? [] : [{ kind: "write", path: settings, before, after, emptyFolders: 1 } as const];
      return { changes, note: verb === "install" ? note : "" };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const next =
        verb === "install" ? `add this entry to hooks.PreToolUse by hand: ${entry}` : `take the entry that calls ${tail} out by hand`;
      throw new SkepError("SETTINGS_UNREADABLE", `${quote(settings)} cannot be edited safely: ${error.message}`, next);
    }
  };

const entryText = (command: string): string =>
  `{"matcher": "Bash", "hooks": [{"type": "command", "command": ${JSON.stringify(command)}, "timeout": ${SECONDS}}]}`;
