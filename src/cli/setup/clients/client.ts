/** What is known of an MCP client: how it is recognised, and where its project settings have their servers. */
import type { HarnessId } from "../../../harness/index.ts";
import type { EntryPath, EntryValue } from "../format.ts";

/** Under what name the server stands in every client. */
export const SERVER = "skep";

export type Argv = readonly [string, ...string[]];

export interface Client {
  /** As people call it. */
  readonly title: string;
  /** Settings of the project, relative to it; what is committed there everybody gets. */
  readonly file: string;
  readonly format: "json" | "toml";
  readonly path: EntryPath;
  entry(argv: Argv): { readonly [key: string]: EntryValue };
  /** How the entry starts the server, read back from it. */
  argv(entry: Readonly<Record<string, unknown>>): readonly string[];
  /** How long it waits for the first answer of a server, in milliseconds; absent: it tells nobody. */
  patience?(entry: Readonly<Record<string, unknown>>): number;
  /** What a file that is made for it has beside it. */
  readonly fresh?: Readonly<Record<string, EntryValue>>;
  /** Recognised by: one of these programs on the PATH, or this place in the repository. */
  readonly programs: readonly string[];
  readonly place: string;
  /** The agent CLI that it is, too. */
  readonly harness?: HarnessId;
  /** What a person does next. */
  readonly next: string;
}

/** The entry most clients have. */
export const commandEntry = ([command, ...args]: Argv): { command: string; args: readonly string[] } => ({ command, args });
export const commandArgv = ({ command, args }: Readonly<Record<string, unknown>>): readonly string[] => [
  String(command),
  ...(Array.isArray(args) ? args.map(String) : []),
];

/** A limit that a file sets, else the client's own. */
export const limitOf = (set: unknown, usual: number): number => (typeof set === "number" && set > 0 ? set : usual);
