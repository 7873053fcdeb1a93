/** The MCP server: two wirings, one factory, and who may be the operator. */
export default {
  "mcp.stdio": "A real client lists and calls the operator's tools over a real pipe.",
  "mcp.stdio.bad": "No line, method or argument a client sends ends the server or loses the next call.",
  "mcp.stdio.cancel": "Over stdio a call that is taken back ends and is not answered, in every revision.",
  "mcp.stdio.end": "The server ends when its client leaves, by whatever way, and answers calls under way first.",
  "mcp.http": "Tokens at one endpoint see their own tools and their own swarm.",
  "mcp.http.stateless": "A call over HTTP needs no session and is answered in plain JSON.",
  "mcp.http.memory": "A call that is answered leaves nothing behind in the memory of the host.",
  "mcp.http.refused": "A request from elsewhere, without a token, too large or unreadable is refused with a typed fault.",
  "mcp.http.close": "A closing endpoint answers the waits under way first, then refuses.",
  "mcp.http.gone": "A caller that hangs up ends its wait.",
  "mcp.http.many": "Many calls at once are all answered, each with its own id.",
  "mcp.operator": "A process that descends from a session, by mark or by ancestry, is not the operator.",
  "mcp.operator.process": "A forged operator is refused as a real process, also with a scrubbed environment.",
  "mcp.operator.calls": "A forged operator's server answers, and refuses every call.",
} as const;
