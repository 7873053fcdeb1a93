/** Whether the user signs commits, and what their signing program needs: for commits that land on their own branch. */
import { git, splitZ } from "./git.ts";

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

/** `commit.gpgSign` as the user's own files say, not as skep sets it for every call. */
export async function signsCommits(place: string): Promise<boolean> {
  const args = ["config", "--null", "--show-scope", "--type=bool", "--get-all", "commit.gpgSign"];
  const fields = splitZ((await git(place, args, { ok: [0, 1] })).out);
  let signs = false;
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] !== "command") signs = fields[i + 1] === "true";
  return signs;
}

export function signingEnv(source: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return picked(source, SIGNING_VARIABLES);
}

/** Those of the named variables that are set. */
export function picked(source: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (source[name] ? [[name, source[name]]] : [])));
}
