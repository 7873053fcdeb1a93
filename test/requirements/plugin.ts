/** How clients and catalogs get skep as a whole: the plugin for Claude Code and Codex, the entry in the MCP registry. */
export default {
  "plugin.version": "The plugin, the registry's entry and the package are of one version, and only they name it.",
  "plugin.entry": "The plugin starts the server as the entries of skep init do, so that a client that has both takes one.",
  "plugin.skills": "The plugin's skills send the model to tools the operator has, and say of a goal and a swarm what the prompts say.",
  "plugin.registry": "The registry's entry keeps to its schema, and names the package that names it.",
  "plugin.claude": "The real Claude Code takes the marketplace and the plugin; its commands lead the model to skep's tools, which answer.",
  "plugin.claude.prompt": "Claude Code, which passes on one word to a prompt, shows the model the whole goal beside it.",
  "plugin.claude.once": "Beside an entry of the project Claude Code starts the server once.",
  "plugin.claude.agents": "A session that skep starts sees nothing of the user's plugin.",
  "plugin.codex": "The real Codex takes the same marketplace and plugin; its skills lead the model to skep's tools, which answer.",
  "plugin.codex.once": "Beside an entry of the project Codex starts that one alone.",
  "plugin.opencode": "In the real OpenCode the server's prompts are commands, with the user's words in them.",
} as const;
