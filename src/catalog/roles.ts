/** A role: how an agent works. One Markdown file, `roles/<id>.md`: fields on top, the prompt below. */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { ID } from "../base/ids.ts";
import type { Duty } from "../domain/model.ts";
import { id, inside } from "./fields.ts";
import { parseYaml, splitFrontMatter } from "./front-matter.ts";
import type { Problem, SourceFile } from "./problems.ts";
import { PROFILE_KEYS, type Profile, profileFields, profileOf, renderProfile } from "./profile.ts";

export interface RoleCheck {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string | null;
  readonly minutes: number;
}

export interface Role extends Profile {
  readonly id: string;
  readonly title: string;
  readonly duty: Duty;
  /** Raised with every change of the text; `whoami` shows it, so that an old session is told apart. */
  readonly version: number;
  /** Names its seats: `dev` makes dev-0, dev-1. */
  readonly seat: string;
  readonly preset: "read-only" | "guarded" | "full";
  /** Fewer skep tools than the duty allows; null: all of them. */
  readonly tools: readonly string[] | null;
  /** Commands a submission of this role must pass, beside those of the config. */
  readonly checks: readonly RoleCheck[];
  /** Programs the guarded preset allows beside its own, as beginnings of argument lists. */
  readonly commands: readonly (readonly string[])[];
  readonly harness: string | null;
  readonly model: string | null;
  /** A fresh session for each job, or one kept from job to job. */
  readonly session: "fresh" | "kept";
  /** The whole system text: shared blocks, body, profile. The same bytes for every session of the role. */
  readonly prompt: string;
  readonly file: string;
}

/** Texts that stand in every role prompt, first and last. */
export interface SharedBlocks {
  readonly swarm: string;
  readonly mail: string;
}

export const MAX_PROMPT_BYTES = 4000;

const argv = z.array(z.string().min(1).max(4096)).min(1).max(100);

const fields = {
  id,
  title: z.string().min(1).max(80),
  duty: z.enum(["queen", "reviewer", "worker"]),
  version: z.number().int().min(1),
  // Room for a number and for branch names made of it.
  seat: id.max(20).optional(),
  preset: z.enum(["read-only", "guarded", "full"]),
  tools: z
    .array(z.string().regex(/^[a-z_]{1,40}$/, "is no tool name"))
    .max(40)
    .optional(),
  checks: z
    .array(z.strictObject({ name: id, argv, cwd: inside.optional(), minutes: z.number().positive().max(1440).default(10) }))
    .max(50)
    .default([]),
  commands: z.array(argv).max(100).default([]),
  harness: id.optional(),
  model: z.string().min(1).max(200).optional(),
  session: z.enum(["fresh", "kept"]).default("fresh"),
  ...profileFields,
};
const schema = z.strictObject(fields);
const KEYS = [...new Set([...Object.keys(fields), "name", "argv", "cwd", "minutes", ...PROFILE_KEYS])];

/** What the front matter may name, known to the caller; absent lists are not checked. */
export interface KnownNames {
  readonly tools?: Readonly<Record<Duty, readonly string[]>>;
  readonly harnesses?: readonly string[];
  readonly checks?: readonly string[];
}

export function parseRole(
  source: SourceFile,
  shared: SharedBlocks,
  known: KnownNames = {},
): { role: Role | null; problems: readonly Problem[] } {
  const file = source.path;
  const named = idOfPath(file, ".md");
  if (named === null) return { role: null, problems: [badName(file)] };
  const parts = splitFrontMatter(source);
  if ("what" in parts) return { role: null, problems: [parts] };
  const { value, problems: flaws, lineOf } = parseYaml(file, parts.yaml, schema, KEYS, 2);
  if (value === null) return { role: null, problems: flaws };
  const problems: Problem[] = [];
  const add = (line: number, what: string, fix: string): void => void problems.push({ file, line, what, fix });
  if (value.id !== named) add(lineOf("id"), `says it is ${quote(value.id)}`, `make the id ${quote(named)} or rename the file`);
  const body = parts.body.trim();
  if (body === "") add(parts.bodyLine, "has no text below its front matter", "write what the agent hands over, its loop and its limits");
  const profile = profileOf(value);
  const token = parts.body.split("\n").findIndex((line) => TOKEN.test(line));
  if (token >= 0)
    add(parts.bodyLine + token, "has a {token} that nothing fills in", "write the text itself; facts of the swarm come from whoami");
  if (TOKEN.test(renderProfile(profile)))
    add(lineOf(), "has a {token} in its profile that nothing fills in", "write the text itself; facts of the swarm come from whoami");
  const prompt = renderRolePrompt(body, profile, shared);
  const bytes = Buffer.byteLength(prompt);
  if (bytes > MAX_PROMPT_BYTES) {
    add(
      parts.bodyLine,
      `makes a prompt of ${bytes} bytes; at most ${MAX_PROMPT_BYTES} are allowed`,
      `cut ${bytes - MAX_PROMPT_BYTES} bytes from the text or the profile`,
    );
  }
  const tools = known.tools?.[value.duty];
  for (const [index, tool] of (value.tools ?? []).entries()) {
    if (tools && !tools.includes(tool))
      add(lineOf("tools", index), `names ${quote(tool)}, no tool of a ${value.duty}`, `choose from ${tools.join(", ")}`);
  }
  if (value.harness !== undefined && known.harnesses && !known.harnesses.includes(value.harness)) {
    add(lineOf("harness"), `names the unknown harness ${quote(value.harness)}`, `choose from ${known.harnesses.join(", ")}`);
  }
  if (problems.length > 0) return { role: null, problems };
  const { id: name, title, duty, version, preset, commands, session, harness = null, model = null, tools: own = null } = value;
  const seat = value.seat ?? name.slice(0, 20).replace(/-+$/, "");
  const checks = value.checks.map(({ cwd = null, ...check }) => ({ ...check, cwd }));
  const same = { id: name, title, duty, version, seat, preset, tools: own, checks, commands, harness, model, session };
  return { role: { ...same, ...profile, prompt, file }, problems: [] };
}

/** `{name}` left over from some templating; a JSON example has a quote after its brace. */
const TOKEN = /\{\{|\{[a-z][\w.]*\}/i;

/** Shared blocks around body and profile. No id, path, time or counter enters it, so the prefix stays cached. */
function renderRolePrompt(body: string, profile: Profile, shared: SharedBlocks): string {
  const parts = [shared.swarm, body, renderProfile(profile), shared.mail].map((part) => part.replace(/\r\n/g, "\n").trim());
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The id a file name stands for, or null when it cannot be one. */
export function idOfPath(path: string, ending: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const stem = name.endsWith(ending) ? name.slice(0, -ending.length) : "";
  return ID.test(stem) ? stem : null;
}

export const badName = (file: string): Problem => ({
  file,
  line: 1,
  what: "has a name that cannot be an id",
  fix: "rename it to a letter, then letters, digits and hyphens, at most 40, lower case",
});
