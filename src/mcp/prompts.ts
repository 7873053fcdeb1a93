/** Prompts for the operator: the list, and one filled with what is true now. */
import type { GetPromptRequest, GetPromptResult, ListPromptsResult } from "@modelcontextprotocol/sdk/types.js";
import { fillPrompt, promptsFor } from "../tools/prompts/fill.ts";
import type { Asked, LookContext, ServerParts } from "./answers.ts";
import { RpcFault, toFault } from "./rpc-fault.ts";

export function promptAnswers({ toolset = "full", logger }: ServerParts, context: LookContext) {
  return {
    "prompts/list": async (): Promise<ListPromptsResult> => ({
      prompts: promptsFor(toolset).map(({ name, title, description, arguments: all }) => ({
        ...{ name, title, description },
        arguments: all.map((one) => ({ name: one.name, description: one.description, required: one.required })),
      })),
    }),
    "prompts/get": async ({ name, arguments: given = {} }: GetPromptRequest["params"], { signal }: Asked): Promise<GetPromptResult> => {
      try {
        const text = await fillPrompt(name, given, toolset, await context(signal));
        const description = promptsFor(toolset).find((prompt) => prompt.name === name)?.description ?? "";
        return { description, messages: [{ role: "user" as const, content: { type: "text" as const, text } }] };
      } catch (error) {
        throw new RpcFault(toFault(error, "swarm_list", logger));
      }
    },
  };
}
