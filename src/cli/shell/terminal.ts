/** What a command prints, and how it asks: facts on stdout, messages on stderr, colours and questions only where a person sits. */
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import { escaped } from "../../base/errors.ts";

type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

export interface Terminal {
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** Whether stdout may be redrawn. */
  readonly screen: boolean;
  /** How much fits; null where stdout is no terminal. */
  readonly size: Screen | null;
  /** Whether what is printed has colours. */
  readonly coloured: boolean;
  /** A line of what the command was asked to show. */
  print(line?: string): void;
  /** A line about the command itself. */
  note(line: string): void;
  paint(style: Style, text: string): string;
  /** One line a person typed; null at the end of input or when `signal` aborts. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
}

export interface TerminalParts {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function openTerminal({ stdin, stdout, stderr, env }: TerminalParts = process): Terminal {
  const plain = env.TERM === "dumb" || (env.NO_COLOR ?? "") !== "";
  const coloured = !plain && stdout.isTTY === true;
  return {
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    screen: stdout.isTTY === true && env.TERM !== "dumb",
    size: stdout.isTTY === true ? { columns: stdout.columns || 80, rows: stdout.rows || 24 } : null,
    coloured,
    print: (line = "") => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    // Whether to colour is decided above, for the stream that is printed to.
    paint: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
    async ask(question, signal) {
      const reader = createInterface({ input: stdin, output: stderr });
      const ended = new Promise<null>((resolve) => reader.once("close", () => resolve(null)));
      // In line mode Ctrl-C comes to the reader and not to the process.
      reader.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
      try {
        return await Promise.race([reader.question(question, { signal }).catch(() => null), ended]);
      } finally {
        reader.close();
      }
    },
  };
}

/** Facts for programs: one object, whose fields only ever grow in number. */
export const jsonText = (facts: Readonly<Record<string, unknown>>): string => escaped(JSON.stringify({ version: 1, ...facts }, null, 2));
