/** The command line: what each process of `skep` says, does and refuses. */
export default {
  "cli.registry": "Every command is one file and one line of a list, and loads.",
  "cli.platform": "Windows is refused naming WSL, an old Node naming the one that is needed.",
  "cli.old-git": "A git that cannot merge without a checkout is refused.",
  "cli.help": "Help shows every command that exists and none that does not, with examples and exit codes.",
  "cli.version": "--version is the version of the package.",
  "cli.exit-usage": "Wrong usage ends with 2 and one line that names the near miss or the help.",
  "cli.exit-all": "Every command refuses what it does not know with 2, and a folder without a repository with 1.",
  "cli.exit-docs": "docs/exit-codes.md has every exit code, and every command for which one means more.",
  "cli.near-miss": "A swarm's id that is nearly one of those there are is named in the refusal.",
  "cli.events":
    "skep events prints the log as one JSON object per event, from any commit on, follows it to the end of the swarm, and ends on Ctrl-C and when nobody reads.",
  "cli.exit-failed": "A failure ends with 1 and one line: a code, what is wrong, one next command.",
  "cli.exit-human": "A swarm that waits for a person ends a command with 3 and shows the question and how to answer it.",
  "cli.json": "--json prints one object with version 1 and nothing else.",
  "cli.status-screen":
    "At a terminal status fits the screen, also at 80×24, with any number of tasks, long or wide titles and long questions: the question with its options, the cost and the next step are always there.",
  "cli.status-several": "With several live swarms status shows each, those that wait for you first, and ends with 3 when one does.",
  "cli.json-shapes": "docs/json.md says what every command prints with --json, and what they print in tests is held to it.",
  "cli.which": "With several live swarms a command asks which one is meant, listing them.",
  "cli.no-color": "Colours appear at terminals alone, and not where NO_COLOR is set.",
  "cli.pipe": "A reader that leaves early is no failure.",
  "cli.operator": "Commands that act are refused in every process an agent's session started, also when it hides the mark.",
  "cli.ask": "A gate is asked at a terminal, its options by number or word, and the question goes away when it is answered elsewhere.",
  "cli.lazy":
    "A process loads only what its command needs: the keeper no package at all, the MCP server neither commander nor the endpoint.",
  "cli.run": "run starts a swarm, follows it, shows its questions, and ends with what became of it; land brings the work home.",
  "cli.run-interrupt": "Ctrl-C leaves the swarm at work and says how to follow and how to stop it.",
  "cli.run-preview":
    "Before it starts, run says who is at work and what it may cost; when the plan stands, its waves, gain and cost, and whether one agent would do. --dry-run says it and starts nothing.",
  "cli.check": "check runs a swarm's checks on what is staged, all that differs or a range, and touches nothing.",
  "cli.check.usage": "check refuses options that do not go together, with 2.",
  "cli.hooks.git":
    "Installed git hooks stop a commit or push with findings, call hooks that were there, and let agents of a swarm through.",
  "cli.hooks.reversible": "Installing and removing a hook leaves the files as they were, byte for byte.",
  "cli.hooks.refused":
    "A hook that could not be taken back exactly, or would reach other repositories, is refused with what to do by hand.",
  "cli.hooks.agents": "The hook of an agent CLI stops git commit and push with 2 and the findings, in sessions that are not skep's.",
  "cli.hooks.settings": "Settings files keep every byte through an entry that comes and goes.",
  "cli.hooks.git-calls": "A shell line's commits and pushes are found; in doubt all of the worktree is looked at.",
  "cli.hooks.program": "A hook starts the program that installed it, or npx where that is a cache.",
  "cli.gc": "gc shows what it would remove, and removes it only with --yes or a yes at a terminal.",
  "cli.send":
    "send says where a letter stands, waits until it was seen, holds it back, interrupts, and sends only while a task stands as expected.",
  "cli.steer": "send, pause, resume and stop reach the live swarm without being told its id.",
  "cli.completion": "bash, zsh and fish complete every command and its options, from the list the program itself reads.",
  "cli.mcp": "skep mcp answers a client in and outside a repository, and ends when the client has left.",
} as const;
