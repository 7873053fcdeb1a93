/** What a project says of a program that is to be a harness: how it is called, what it reads, how its words are read. */
import { z } from "zod";
import { argv, envNames, readSettings } from "./settings.ts";

/** Steps into an object, e.g. `message.content.0.text`. */
const fieldPath = z.string().regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,9}$/, "is no path of a field");

const fields = z.strictObject({
  text: fieldPath,
  session: fieldPath.optional(),
  error: fieldPath.optional(),
  inputTokens: fieldPath.optional(),
  outputTokens: fieldPath.optional(),
  usd: fieldPath.optional(),
});

const TEMPLATE = '{"mcpServers":{"skep":{"type":"http","url":"{url}","headers":{"Authorization":"Bearer {token}"}}}}\n';

const settings = z.strictObject({
  /** Program and arguments of a turn. Known are {prompt_file} {role_file} {mcp_file} {session} {model} {home}. */
  argv,
  /** The same for a turn that goes on with an earlier one; absent: the program has no memory. */
  resume: argv.optional(),
  stdin: z.enum(["prompt", "none"]).default("prompt"),
  /** How stdout is read: lines of text, or objects with fields of these names. */
  output: z.union([z.literal("text"), fields]).default("text"),
  /** The file that tells the program where its tools are: {url} and {token} are filled in. */
  mcp: z.string().min(1).max(20_000).default(TEMPLATE),
  env: envNames,
  /** Added to its environment; the same placeholders are filled in. */
  set: z.record(z.string().regex(/^(?!SKEP_)[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000)).default({}),
  provider: z.string().min(1).max(40).default("command"),
  timeoutMinutes: z
    .number()
    .positive()
    .max(24 * 60)
    .default(60),
  /** Arguments for node in front of `oneshot`; skep's own entry when absent. */
  entry: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});
export type CommandSettings = z.output<typeof settings>;
export type Fields = z.output<typeof fields>;

export const COMMAND_NEXT = "give `argv`, the program and its arguments, under harness.adapters.command.settings";

/** Throws HARNESS_SETTINGS. */
export const commandSettings = (given: unknown): CommandSettings => readSettings("command", settings, given, COMMAND_NEXT);
export const knownSettings = (given: unknown): CommandSettings | null => settings.safeParse(given).data ?? null;

/** Fills placeholders in; one without a value stays as it is, and other braces are the program's own. */
export function filled(word: string, values: Readonly<Record<string, string | undefined>>): string {
  return word.replace(/\{([a-z_]+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}
