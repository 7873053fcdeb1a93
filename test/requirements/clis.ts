/** Swarms through the adapters of agent CLIs: against fakes in every run, against the real ones in `npm run test:clis`. */
export default {
  "clis.claude.attach":
    "A session of a real Claude goes to a person by the printed command and back; its transcript holds no key it was started with.",
  "clis.claude.edges": "What skep relies on where a real Claude session is cut: unknown sessions, steps per message, money per run.",
  "clis.claude.swarm": "A whole swarm of real Claude sessions goes from a goal to a landed branch, and its host may be killed on the way.",
  "clis.codex.swarm": "A whole swarm of real Codex sessions goes from a goal to a landed branch, and its host may be killed on the way.",
  "clis.denied": "A tool call that a session's preset denied is on record.",
  "clis.fake.lost": "A session that its CLI does not know any more begins anew in the same attempt.",
  "clis.fake.no-tools": "A session whose tools do not connect is ended with the reason; a seat that gets none asks a person.",
  "clis.fake.swarm": "A whole swarm runs through the Claude adapter and is resumed under its CLI session ids.",
  "clis.person":
    "In the real Claude Code, Codex, Gemini CLI and OpenCode a goal that a person states becomes landed work through the entry of skep init, and skep uninstall leaves no trace.",
  "clis.mixed": "Claude Code, Codex and OpenCode work in one swarm, from a goal to a landed branch.",
  "clis.mixed.faults": "A killed session, a used-up provider, one that fails for ever and a denied tool cost a mixed swarm no work.",
  "clis.opencode.edges":
    "What skep relies on where a real OpenCode session is cut, refused or started in an odd place; and what its plugins do.",
  "clis.opencode.presets": "Each preset lets the real OpenCode do what it says and nothing else, call by call.",
} as const;
