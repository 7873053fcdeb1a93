/** Agents that speak the Agent Client Protocol, Gemini CLI among them. */
export default {
  "harness.acp.cancel": "A cut turn of an ACP agent ends by the agent's own word, and its open questions are answered as cancelled.",
  "harness.acp.detect": "The agent that an ACP session's settings name is found, and wrong settings are refused by field.",
  "harness.acp.foreign-request": "What an ACP agent asks of skep beside permissions is refused, never left open.",
  "harness.acp.hang": "An agent that never answers takes no message, gives no sign of life, and is ended.",
  "harness.acp.history": "The history an agent tells again of a loaded session is no turn.",
  "harness.acp.opening": "A session over ACP is opened step by step; what cannot be had is told as broken, by its kind.",
  "harness.acp.permission":
    "An ACP agent's questions for permission are answered at once, as the preset says, with a record of each denial.",
  "harness.acp.problems": "A failed turn of an ACP agent is typed by code, status and words.",
  "harness.acp.real": "An agent that only config names works through the generic ACP adapter: tools, a denial, kill and resume.",
  "harness.acp.taken": "Only the agent's work or its answer shows that it took a prompt up.",
  "harness.acp.unknown-session": "A session its ACP agent does not know is told as broken before any message goes to it.",
  "harness.acp.usage": "Tokens and money of an ACP session are counted per turn, also where the agent tells totals.",
  "harness.gemini.detect": "Gemini CLI is used from the version on that was tried, and only where somebody is signed in.",
  "harness.gemini.isolated":
    "A Gemini session has a home of its own: the user's servers, memory and extensions and the project's hooks are off.",
  "harness.gemini.project": "A project whose own Gemini settings run or redirect something is refused before a session starts.",
  "harness.gemini.real": "The pinned real Gemini CLI works through adapter and session: tools, denials, mail, cut, failures, kill, resume.",
  "harness.gemini.stream": "Recorded Gemini streams read as turns, tools, denials, failures and tokens per turn.",
} as const;
