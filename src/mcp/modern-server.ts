/**
 * The server of one caller for revision 2026-07-28: no handshake, each request says whom it is from and what its client can do.
 * The same answers as for the revisions before it; only loaded when a client speaks it.
 */
import { CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY, inputRequired, Server } from "@modelcontextprotocol/server";
import { type Asked, answersFor, type ServerParts } from "./answers.ts";
import { clientOf } from "./elicit.ts";
import { Round } from "./round.ts";

export interface ModernParts extends ServerParts {
  /** What the person was asked already is remembered by it. */
  readonly memory: object;
}

export function modernServer(parts: ModernParts): Server {
  const { info, instructions, capabilities, methods } = answersFor(parts);
  const follows = capabilities.resources ? { resources: { subscribe: true } } : {};
  const server = new Server(info, { instructions, capabilities: { ...capabilities, ...follows } });
  server.onerror = (error) => parts.logger.warn({ err: error }, "a request of revision 2026-07-28 failed");
  for (const [method, answer] of Object.entries(methods)) {
    server.setRequestHandler(method as "tools/call", async ({ params }, { mcpReq }) => {
      const round = new Round(mcpReq.inputResponses, { memory: parts.memory, gone: parts.closing });
      const said = (mcpReq.envelope ?? {}) as Readonly<Record<string, unknown>>;
      const result = await answer(params as never, {
        signal: AbortSignal.any([mcpReq.signal, round.asking]),
        client: clientOf(said[CLIENT_INFO_META_KEY] ?? undefined),
        person: parts.caller.kind === "operator" && showsForms(said[CLIENT_CAPABILITIES_META_KEY]) ? round.person : null,
        notify: mcpReq.notify,
      } satisfies Asked);
      return (round.wanted ? inputRequired({ inputRequests: round.wanted }) : result) as never;
    });
  }
  return server;
}

/** Declared without a word on how, elicitation is by form. */
function showsForms(capabilities: unknown): boolean {
  const { elicitation } = (capabilities ?? {}) as { elicitation?: { form?: unknown; url?: unknown } };
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}
