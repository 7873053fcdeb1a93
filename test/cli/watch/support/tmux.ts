/** A real terminal: tmux, with a server of its own that ends with the test. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect } from "vitest";
import { builtMain } from "../../../support/build.ts";
import { tempDir } from "../../../support/temp.ts";
import { until } from "../../../support/until.ts";

export interface Pane {
  /** What is on the screen; with `colours` its escape sequences too. */
  text(colours?: true): string;
  /** Waits until the screen shows it. */
  shows(what: string | RegExp): Promise<string>;
  /** Keys by the names tmux has for them: `Enter`, `C-c`, `q`. */
  press(...keys: readonly string[]): void;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** A value of tmux's own, such as `alternate_on`. */
  flag(name: string): string;
}

const open: string[] = [];

const tmux = (socket: string, ...args: readonly string[]): string =>
  execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Says how the program ended and how it left the terminal, and stays, so that this can be read. */
const THEN_TELL = '"$@"; echo "left with $?"; stty -a; exec sleep 600';

/** `skep` in a terminal of this size; what `env` gives undefined is taken away. */
export function skepIn(
  args: readonly string[],
  { columns, rows, cwd, env = {} }: { columns: number; rows: number; cwd: string; env?: Readonly<Record<string, string | undefined>> },
): Pane {
  return inTerminal([process.execPath, builtMain(), ...args], { columns, rows, cwd, env });
}

export function inTerminal(
  argv: readonly string[],
  { columns, rows, cwd, env }: { columns: number; rows: number; cwd: string; env: Readonly<Record<string, string | undefined>> },
): Pane {
  const socket = path.join(tempDir("tmux"), "s");
  const all = { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, SKEP_PROJECT: undefined, LC_ALL: "C.UTF-8", ...env };
  const set = Object.entries(all)
    .flatMap(([name, value]) => (value === undefined ? ["-u", name] : []))
    .concat(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])));
  const program = ["env", ...set, "sh", "-c", THEN_TELL, "sh", ...argv];
  tmux(socket, "-u", "new-session", "-d", "-x", String(columns), "-y", String(rows), "-c", cwd, "--", ...program);
  open.push(socket);
  const text = (colours?: true): string => tmux(socket, "capture-pane", "-p", ...(colours ? ["-e"] : []));
  return {
    text,
    shows: (what) =>
      until(
        () => {
          const now = text();
          return (typeof what === "string" ? now.includes(what) : what.test(now)) ? now : null;
        },
        { timeoutMs: 15_000, what: `the terminal shows ${what}` },
      ).catch((error: Error) => {
        throw new Error(`${error.message}\n${text()}`, { cause: error });
      }),
    press: (...keys) => void tmux(socket, "send-keys", ...keys),
    type: (words) => void tmux(socket, "send-keys", "-l", words),
    resize: (columns, rows) => void tmux(socket, "resize-window", "-x", String(columns), "-y", String(rows)),
    flag: (name) => tmux(socket, "display-message", "-p", `#{${name}}`).trim(),
  };
}

/** It shows everything that was there before, and takes whole lines from the keyboard again. */
export async function leftAsItWas(pane: Pane, code: number): Promise<string> {
  const text = await pane.shows(/left with \d+[\s\S]* -?icanon[\s\S]* -?echo /);
  expect(text).toContain(`left with ${code}`);
  expect(text).toMatch(/ icanon[\s\S]* echo /);
  expect(["alternate_on", "cursor_flag", "wrap_flag"].map((name) => pane.flag(name))).toEqual(["0", "1", "1"]);
  return text;
}

/** For afterEach. */
export function closeTerminals(): void {
  for (const socket of open.splice(0)) tmux(socket, "kill-server");
}
