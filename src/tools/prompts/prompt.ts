/**
 * What a prompt is: plain data and one function, with no protocol in it. It tells the model at the operator's client how to go
 * about something with skep's tools, and brings the facts it needs; those are read at the moment it is asked for.
 */

import type { ToolContext } from "../define-tool.ts";
import type { IdKind } from "../known-ids.ts";

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What its value is completed from; words of the user's own are not. */
  readonly completes: IdKind | null;
}

export interface PromptSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** The tools its text sends the model to; it is offered where all of them are. */
  readonly tools: readonly string[];
  text(given: Readonly<Record<string, string>>, ctx: ToolContext): Promise<string>;
}

export const SWARM_ARGUMENT: PromptArgument = {
  name: "swarm",
  description: "Swarm id; left out: the only live one",
  required: false,
  completes: "swarm",
};
