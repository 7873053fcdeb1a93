/** Where the host's endpoint answers. */

/** Stateless: a call, an answer. */
export const MCP_PATH = "/mcp";
/** For the operator's clients that stay: progress, questions and news exist here alone. */
export const LIVE_PATH = "/mcp/live";
