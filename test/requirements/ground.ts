/** The tree itself: its shape, its promises, its generated files, its suites. */
export default {
  "ground.architecture": "Imports point one way, packages have one owner, files stay small, and time, randomness and shells stay out.",
  "ground.architecture.table": "The import table names only folders it defines and contains no two folders that import each other.",
  "ground.architecture.rules": "Each architecture rule refuses what it is about and leaves its neighbours alone.",
  "ground.promises": "Every promise has a test that cites it, and every cited promise exists.",
  "ground.promises.listed": "The list of promise files is the folder of promise files.",
  "ground.promises.gate": "The promise gate refuses untested, unknown, doubled and malformed promises.",
  "ground.promises.self": "An example of a citation inside a string is no citation.",
  "ground.generated.regions": "A generated region of a page is replaced whole, and a region that cannot be is a problem.",
  "ground.generated.table": "Text in a generated table stays in its cell.",
  "ground.generated.types": "A type in the docs that is made from a schema is one of TypeScript.",
  "ground.generated.errors": "The table of error codes is read from where the errors are made.",
  "ground.conformance.notices": "The conformance run tells a server that guards its address from one that does not.",
  "mcp.conformance": "Both HTTP wirings pass the generic scenarios of the public MCP conformance suite.",
  "mcp.conformance.modern":
    "Both endpoints pass every scenario of revision 2026-07-28 that asks for no tool, resource or prompt of the suite's own.",
  "mcp.conformance.modern.whole":
    "With the suite's fixtures in the place of the tools, the endpoint passes everything revision 2026-07-28 requires.",
  "mcp.conformance.whole":
    "With the suite's fixtures in the place of the tools, the connection that stays passes every scenario of 2025-11-25.",
} as const;
