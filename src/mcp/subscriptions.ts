/** Subscriptions at a connection that stays, as the revisions up to 2025-11-25 have them; they end with it. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { LookContext, ServerParts } from "./answers.ts";
import { Followed } from "./followed.ts";
import { about } from "./resources.ts";

export function offerSubscriptions(server: Server, { closing, logger }: ServerParts, context: LookContext): void {
  server.registerCapabilities({ resources: { subscribe: true } });
  const followed = new Followed(context, closing);
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) =>
    about(uri, logger, async () => {
      // Asked for again it begins again: a following that lost its store is over.
      followed.drop(server, [uri]);
      // A client that is gone does not hear it; its connection ends the following.
      await followed.add(uri, server, () => void server.sendResourceUpdated({ uri }).catch(() => undefined));
      return {};
    }),
  );
  server.setRequestHandler(UnsubscribeRequestSchema, async ({ params: { uri } }) => {
    followed.drop(server, [uri]);
    return {};
  });
}
