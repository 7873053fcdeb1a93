/** Which of two ways a message speaks: as since 2026-07-28, where each says so itself, or as before, after an initialize. */

const CLAIM = "io.modelcontextprotocol/protocolVersion";
const FIRST_MODERN = "2026-07-28";

interface Spoken {
  readonly method?: unknown;
  readonly params?: { readonly _meta?: object; readonly notifications?: { readonly resourceSubscriptions?: unknown } };
}

/** Of a message that is valid JSON-RPC. `header`: what HTTP says of it beside the body. */
export function isModern(message: unknown, header: string | null = null): boolean {
  const meta = (message as Spoken).params?._meta;
  if (typeof meta === "object" && meta !== null && CLAIM in meta) return true;
  return header !== null && /^\d{4}-\d{2}-\d{2}$/.test(header) && header >= FIRST_MODERN;
}

/** The addresses a message asks to follow; null: it is no such message. */
export function listensTo(message: unknown): readonly string[] | null {
  const { method, params } = message as Spoken;
  if (method !== "subscriptions/listen") return null;
  const uris = params?.notifications?.resourceSubscriptions;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === "string") : [];
}
