/** Resources for the operator: list, templates, reading. */
import type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceRequest,
  ReadResourceResult,
} from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "../base/logger.ts";
import { listResources, readResource } from "../tools/resources/catalog.ts";
import { RESOURCES } from "../tools/resources/index.ts";
import type { Asked, LookContext, ServerParts } from "./answers.ts";
import { RpcFault, toFault } from "./rpc-fault.ts";

export function resourceAnswers({ logger }: ServerParts, context: LookContext) {
  return {
    "resources/list": (_: unknown, { signal }: Asked): Promise<ListResourcesResult> =>
      about(null, logger, async () => ({
        resources: (await listResources(await context(signal))).map(({ uri, title, spec: { name, description, mimeType } }) => ({
          ...{ uri, name, title, description, mimeType },
        })),
      })),
    "resources/templates/list": async (): Promise<ListResourceTemplatesResult> => ({
      resourceTemplates: RESOURCES.map(({ name, title, description, mimeType, template }) => ({
        ...{ uriTemplate: template, name, title, description, mimeType },
      })),
    }),
    "resources/read": ({ uri }: ReadResourceRequest["params"], { signal }: Asked): Promise<ReadResourceResult> =>
      about(uri, logger, async () => {
        const { text, spec } = await readResource(uri, await context(signal));
        return { contents: [{ uri, mimeType: spec.mimeType, text }] };
      }),
  };
}

/** What `answer` comes to; its failure is told with the address it is about. */
export async function about<T>(uri: string | null, logger: Logger, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    throw new RpcFault(toFault(error, "swarm_status", logger), uri === null ? {} : { uri });
  }
}
