/**
 * Whether and how commits of skep's are signed: as the user's configuration says, by the user's own program. A repository may
 * say that it wants signatures and with which key; which program makes them is the word of the user's own files alone.
 */
import { quote, SkepError } from "../base/errors.ts";
import type { Sign } from "../domain/commit-rules.ts";
import { type GitOptions, git, splitZ } from "./git.ts";
import type { Setting } from "./safety.ts";

/** What a signing call is given beside what every call gets. */
export type Signing = Required<Pick<GitOptions, "env" | "settings" | "limitMs">> & Pick<GitOptions, "signal">;

/** Time to type a passphrase into the window of an agent; whoever needs longer answers at the gate. */
const LIMIT_MS = 60_000;

/** Where agents of the user that hold keys are found, and where they ask: nothing secret by itself. */
const SIGNING_VARIABLES = [
  "GNUPGHOME",
  "GPG_TTY",
  "SSH_AUTH_SOCK",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "DISPLAY",
  "WAYLAND_DISPLAY",
] as const;

/** Keys that name a program, and the one git runs without them. `gpg.program` and `gpg.openpgp.program` are one. */
const PROGRAMS: readonly (readonly [keys: readonly string[], otherwise: string])[] = [
  [["gpg.program", "gpg.openpgp.program"], "gpg"],
  [["gpg.x509.program"], "gpgsm"],
  [["gpg.ssh.program"], "ssh-keygen"],
  // Runs when no key is named; a program that only fails is git's own "there is none".
  [["gpg.ssh.defaultkeycommand"], "false"],
];

/** Null: commits are not signed. `auto` is what `commit.gpgSign` says, in whatever file, but not as skep sets it for every call. */
export async function signingOf(place: string, sign: Sign, limitMs = LIMIT_MS): Promise<Signing | null> {
  if (sign === "never") return null;
  const entries = await configured(place);
  const wanted = entries.findLast(({ key }) => key === "commit.gpgsign");
  if (sign === "auto" && !isTrue(wanted)) return null;
  const own = entries.filter(({ scope }) => scope === "system" || scope === "global");
  const settings = PROGRAMS.flatMap(([keys, otherwise]): Setting[] => {
    const value = own.findLast(({ key }) => keys.includes(key))?.value ?? otherwise;
    return keys.map((key) => [key, value]);
  });
  return { env: picked(process.env, SIGNING_VARIABLES), settings, limitMs };
}

interface Entry {
  readonly scope: string;
  readonly key: string;
  /** Null: the key stands there without one, which is true. */
  readonly value: string | null;
}

async function configured(place: string): Promise<readonly Entry[]> {
  const args = ["config", "--null", "--show-scope", "--get-regexp", "^(commit\\.gpgsign|gpg\\.(.*\\.)?(program|defaultkeycommand))$"];
  const fields = splitZ((await git(place, args, { ok: [0, 1] })).out);
  const entries: Entry[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [scope = "", entry = ""] = fields.slice(i, i + 2);
    const end = entry.indexOf("\n");
    const [key, value] = end < 0 ? [entry, null] : [entry.slice(0, end), entry.slice(end + 1)];
    if (scope !== "command") entries.push({ scope, key, value });
  }
  return entries;
}

/** As git reads a truth value; what it could not read it would refuse, and here it wants a signature. */
function isTrue(entry: Entry | undefined): boolean {
  return entry !== undefined && !/^(|false|no|off|0)$/i.test(entry.value ?? "true");
}

export const unsigned = (error: unknown): SkepError => {
  const why = `the commit could not be signed: ${quote(error instanceof Error ? error.message : String(error), 300)}`;
  return new SkepError(
    "COMMIT_UNSIGNED",
    why,
    "make git commit -S work here, e.g. by unlocking the agent that holds the key, then the same call",
    {
      cause: error,
    },
  );
};

/** Those of the named variables that are set. */
export function picked(source: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (source[name] ? [[name, source[name]]] : [])));
}
