/** Resources at an operator's connection: list, templates, reading, and subscriptions that end with it. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { SkepError } from "../base/errors.ts";
import type { ToolContext } from "../tools/define-tool.ts";
import { followResource, listResources, readResource } from "../tools/resources/catalog.ts";
import { RESOURCES } from "../tools/resources/index.ts";
import type { ServerParts } from "./build-server.ts";
import { RpcFault, toFault } from "./rpc-fault.ts";

/** Each follows a swarm; a client that wants more than a screen can show is mistaken. */
const MOST_FOLLOWED = 32;

type Context = (signal: AbortSignal) => Promise<ToolContext>;

export function offerResources(server: Server, { lasting = false, closing, logger }: ServerParts, context: Context): void {
  server.registerCapabilities({ resources: lasting ? { subscribe: true } : {} });
  const asked = async <T>(uri: string | null, answer: () => Promise<T>): Promise<T> => {
    try {
      return await answer();
    } catch (error) {
      throw new RpcFault(toFault(error, "swarm_status", logger), uri === null ? {} : { uri });
    }
  };

  server.setRequestHandler(ListResourcesRequestSchema, (_, { signal }) =>
    asked(null, async () => ({
      resources: (await listResources(await context(signal))).map(({ uri, title, spec: { name, description, mimeType } }) => ({
        ...{ uri, name, title, description, mimeType },
      })),
    })),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async () => ({
    resourceTemplates: RESOURCES.map(({ name, title, description, mimeType, template }) => ({
      ...{ uriTemplate: template, name, title, description, mimeType },
    })),
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }, { signal }) =>
    asked(uri, async () => {
      const { text, spec } = await readResource(uri, await context(signal));
      return { contents: [{ uri, mimeType: spec.mimeType, text }] };
    }),
  );
  if (!lasting) return;

  const followed = new Map<string, AbortController>();
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) =>
    asked(uri, async () => {
      followed.get(uri)?.abort();
      followed.delete(uri);
      if (followed.size >= MOST_FOLLOWED) throw tooMany();
      const over = new AbortController();
      followed.set(uri, over);
      const signal = AbortSignal.any([over.signal, closing]);
      // A client that is gone does not hear it; its connection ends the following.
      const tell = (): void => void server.sendResourceUpdated({ uri }).catch(() => undefined);
      try {
        await followResource(uri, await context(signal), tell, signal);
      } catch (error) {
        followed.delete(uri);
        throw error;
      }
      return {};
    }),
  );
  server.setRequestHandler(UnsubscribeRequestSchema, async ({ params: { uri } }) => {
    followed.get(uri)?.abort();
    followed.delete(uri);
    return {};
  });
}

function tooMany(): SkepError {
  return new SkepError(
    "TOO_MANY",
    `this connection follows ${MOST_FOLLOWED} resources already`,
    "the same call when one of them is let go of",
  );
}
