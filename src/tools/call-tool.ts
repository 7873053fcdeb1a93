/** One call from arguments to an answer: audience, schema, handler, note of unread mail. Failures are thrown as SkepError. */
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { audienceOf, type ToolContext, type ToolSpec } from "./define-tool.ts";
import { TOOLS, toolsFor } from "./index.ts";
import { keepPace } from "./pace.ts";
import { toolsIn } from "./toolset.ts";
import { unreadNote } from "./unread.ts";
import { validInput } from "./validate.ts";

export type ToolAnswer =
  | { readonly kind: "facts"; readonly facts: Record<string, unknown> }
  | { readonly kind: "text"; readonly text: string };

export async function callTool(name: string, args: unknown, ctx: Omit<ToolContext, "tool">): Promise<ToolAnswer> {
  if (ctx.ground) await keepPace("calls", 1, { ...ctx, project: ctx.ground.project });
  const tool = await findTool(name, ctx);
  const input = validInput(tool, args);
  const answer = await tool.handle(input, { ...ctx, tool: name });
  // These two tell by themselves; every other answer carries a word about mail that waits.
  const note = name === "inbox_read" || name === "whoami" ? null : await unreadNote(ctx);
  if (typeof answer === "string") return { kind: "text", text: note === null ? answer : `${answer.trimEnd()}\n\n[${note}]` };
  const facts = tool.output ? tool.output.parse(answer) : answer;
  // A field beside the others: CLIs show the structured part or the text, never what stands next to them.
  return { kind: "facts", facts: note === null ? facts : { ...facts, unread: note } };
}

/** What this caller may see and call: its audience's tools, cut down to those its role names. */
export async function toolsOf({
  caller,
  ground,
  toolset = "full",
}: Pick<ToolContext, "caller" | "ground" | "toolset">): Promise<readonly ToolSpec[]> {
  if (caller.kind === "operator") return toolsFor(caller, toolsIn(toolset));
  if (!ground) return toolsFor(caller);
  const swarm = await ground.project.open(caller.swarm);
  const job = await swarm.look((state) => state.sessions.get(caller.session)?.job.kind ?? null);
  return toolsFor(caller, await ground.services.roleTools(swarm, caller.seat), job);
}

async function findTool(name: string, ctx: Omit<ToolContext, "tool">): Promise<ToolSpec> {
  const { caller } = ctx;
  const mine = await toolsOf(ctx);
  const tool = mine.find((one) => one.name === name);
  if (tool) return tool;
  const audience = audienceOf(caller);
  const look = audience === "operator" ? "swarm_status" : "whoami";
  const other = TOOLS.find((one) => one.name === name);
  if (other) {
    if (audience === "operator" && other.audience.includes("operator")) throw notInToolset(name);
    const you = audience === "operator" ? "you are the operator" : `you are a ${audience}`;
    const why = other.audience.includes(audience)
      ? "your role or your present job goes without it"
      : `it is for ${other.audience.join(", ")}; ${you}`;
    throw new SkepError("NOT_ALLOWED", `${name} is not yours to call: ${why}`, look);
  }
  const meant = nearest(
    name,
    mine.map((one) => one.name),
  );
  throw new SkepError("UNKNOWN_TOOL", `there is no tool ${quote(name, 60)}`, meant ?? look);
}

function notInToolset(name: string): SkepError {
  const why = `${name} is not among the tools this server was started with (--toolset core)`;
  return new SkepError(
    "NOT_ALLOWED",
    why,
    "skep --help for the same at a terminal; tell the user, who may start skep mcp with --toolset full",
  );
}
