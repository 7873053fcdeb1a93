/** A prompt by name with its arguments: checked, then filled with what is true now. Failures are SkepErrors. */
import { quote, renderFault, SkepError } from "../../base/errors.ts";
import { ID } from "../../base/ids.ts";
import { nearest } from "../../base/nearest.ts";
import { listed } from "../../domain/foreign.ts";
import type { Ground, ToolContext } from "../define-tool.ts";
import { toolsFor } from "../index.ts";
import { type Completed, completed, completeId } from "../known-ids.ts";
import { keepPace } from "../pace.ts";
import { type Toolset, toolsIn } from "../toolset.ts";
import { PROMPTS } from "./index.ts";
import type { PromptSpec } from "./prompt.ts";

const LONGEST_GOAL = 20_000;
/** What OpenCode sends for every argument to get a template; the user's words go where it stands, or else below the text. */
const PLACEHOLDER = /^\$\d+$/;

/** Those whose tools the caller has. */
export function promptsFor(toolset: Toolset): readonly PromptSpec[] {
  const mine = new Set(toolsFor({ kind: "operator" }, toolsIn(toolset)).map(({ name }) => name));
  return PROMPTS.filter(({ tools }) => tools.every((tool) => mine.has(tool)));
}

export async function fillPrompt(
  name: string,
  args: Readonly<Record<string, string>>,
  toolset: Toolset,
  ctx: ToolContext,
): Promise<string> {
  const mine = promptsFor(toolset);
  const prompt = mine.find((one) => one.name === name);
  const names = mine.map((one) => one.name);
  if (!prompt)
    throw new SkepError("UNKNOWN_PROMPT", `there is no prompt ${quote(name, 60)}`, `use ${nearest(name, names) ?? listed(names, 8)}`);
  if (ctx.ground) await keepPace("calls", 1, { ...ctx, project: ctx.ground.project });
  try {
    return await prompt.text(checked(prompt, args), ctx);
  } catch (error) {
    // Such a client shows no error; it would send an empty message instead.
    if (isTemplate(args) && error instanceof SkepError) return `Tell the user what skep answered: ${renderFault(error)}`;
    throw error;
  }
}

const isTemplate = (args: Readonly<Record<string, string>>): boolean => Object.values(args).some((value) => PLACEHOLDER.test(value.trim()));

function checked(prompt: PromptSpec, args: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const again = `use ${prompt.name} with this mended`;
  const known = prompt.arguments.map(({ name }) => name);
  const strange = Object.keys(args).find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new SkepError("BAD_INPUT", `${prompt.name} has no argument ${quote(strange, 40)}; it has ${listed(known, 8)}`, again);
  const given: Record<string, string> = {};
  for (const { name, required, completes } of prompt.arguments) {
    // Clients send what the user left empty as empty.
    const sent = args[name]?.trim() ?? "";
    const value = !required && PLACEHOLDER.test(sent) ? "" : sent;
    if (value === "" && required) throw new SkepError("BAD_INPUT", `${prompt.name} needs ${name}`, again);
    if (value.length > LONGEST_GOAL)
      throw new SkepError("BAD_INPUT", `${name} has ${value.length} characters; at most ${LONGEST_GOAL}`, again);
    if (value !== "" && completes !== null && !ID.test(value))
      throw new SkepError("BAD_INPUT", `${name} ${quote(value, 60)} is no id`, again);
    if (value !== "") given[name] = value;
  }
  return given;
}

/** What the value of a prompt's argument may be, by what was typed of it. */
export async function completeArgument(prompt: string, name: string, typed: string, ground: Ground | null): Promise<Completed> {
  const kind = PROMPTS.find((one) => one.name === prompt)?.arguments.find((one) => one.name === name)?.completes ?? null;
  if (kind === null || !ground) return completed([], typed);
  return completeId(kind, typed, undefined, ground);
}
