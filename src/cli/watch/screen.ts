/**
 * The terminal as one screen that is drawn line by line, and its keys. It is left as it was, however the process ends: at
 * its end, at a signal, and before an error nobody caught is printed.
 */
import { writeSync } from "node:fs";
import { emitKeypressEvents } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import type { Key } from "./ui.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}
export interface Screen {
  size(): Size;
  /** Writes the lines that differ from those that are shown. */
  draw(lines: readonly string[]): void;
  close(): void;
}

const ESC = "\u001b[";
/** Another screen without cursor and without wrapping: a character that is wider than thought does not shift the lines below. */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l${ESC}?2004h${ESC}2J`;
const LEAVE = `${ESC}0m${ESC}?2004l${ESC}?7h${ESC}?25h${ESC}?1049l`;
/** Terminals that know it show what is between at once; others pass over it. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;

export interface ScreenParts {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream & { readonly fd: number };
  /** Called with each key. */
  onKey(key: Key): void;
  /** The whole screen is to be drawn again. */
  onResize(): void;
}

export function openScreen({ stdin, stdout, onKey, onResize }: ScreenParts): Screen {
  let shown: readonly string[] = [];
  let open = true;
  let pasted: string | null = null;
  const press = (text = "", { name = "", ctrl = false, meta = false, shift = false }: RawKey): void => {
    // What is pasted is text and no keys: a line break in it sends nothing, an x stops nothing.
    if (name === "paste-start") pasted = "";
    else if (name === "paste-end") {
      onKey({ name: "paste", text: pasted ?? "", ctrl: false });
      pasted = null;
    } else if (pasted !== null) pasted += isText(text) ? text : " ";
    else {
      const typed = !ctrl && !meta && isText(text) ? text : "";
      onKey({ name: shift && typed !== "" ? typed : name, text: typed, ctrl });
    }
  };
  const resized = (): void => {
    shown = [];
    stdout.write(`${ESC}2J`);
    onResize();
  };
  const leave = (): void => {
    if (!open) return;
    open = false;
    // At the end of a process only what is written at once arrives.
    try {
      writeSync(stdout.fd, LEAVE);
    } catch {
      // the terminal is gone, and nobody sees it
    }
    stdin.setRawMode(false);
  };
  stdout.write(ENTER);
  stdin.setRawMode(true);
  emitKeypressEvents(stdin);
  stdin.on("keypress", press).resume();
  stdout.on("resize", resized);
  process.on("exit", leave).on("uncaughtExceptionMonitor", leave);
  return {
    size: () => ({ columns: Math.max(20, stdout.columns || 80), rows: Math.max(4, stdout.rows || 24) }),
    draw(lines) {
      if (!open) return;
      const changed = lines.flatMap((line, at) => (line === shown[at] ? [] : [`${ESC}${at + 1};1H${ESC}2K${line}`]));
      if (changed.length > 0) stdout.write(`${BEGIN}${changed.join("")}${ESC}0m${END}`);
      shown = lines;
    },
    close() {
      leave();
      process.off("exit", leave).off("uncaughtExceptionMonitor", leave);
      stdout.off("resize", resized);
      stdin.off("keypress", press).pause();
    },
  };
}

interface RawKey {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

/** Escape sequences and control characters type nothing. */
const isText = (text: string): boolean => ![...text].some((sign) => sign < " " || (sign >= "\u007f" && sign < "\u00a0"));
