/** Prompts at an operator's connection: the list, and one filled with what is true now. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { GetPromptRequestSchema, ListPromptsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { ToolContext } from "../tools/define-tool.ts";
import { fillPrompt, promptsFor } from "../tools/prompts/fill.ts";
import type { ServerParts } from "./build-server.ts";
import { RpcFault, toFault } from "./rpc-fault.ts";

export function offerPrompts(
  server: Server,
  { toolset = "full", logger }: ServerParts,
  context: (signal: AbortSignal) => Promise<ToolContext>,
): void {
  server.registerCapabilities({ prompts: {} });
  server.setRequestHandler(ListPromptsRequestSchema, async () => ({
    prompts: promptsFor(toolset).map(({ name, title, description, arguments: all }) => ({
      ...{ name, title, description },
      arguments: all.map((one) => ({ name: one.name, description: one.description, required: one.required })),
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }, { signal }) => {
    try {
      const text = await fillPrompt(params.name, params.arguments ?? {}, toolset, await context(signal));
      const description = promptsFor(toolset).find(({ name }) => name === params.name)?.description ?? "";
      return { description, messages: [{ role: "user" as const, content: { type: "text" as const, text } }] };
    } catch (error) {
      throw new RpcFault(toFault(error, "swarm_list", logger));
    }
  });
}
