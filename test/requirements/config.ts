/** `.skep/config.yaml`, its variables and its guesses. */
export default {
  "config.order": "Settings come from defaults, the file, the environment and flags, the later winning.",
  "config.user":
    "A user's own config stands below every project's, may be written by them alone, and is refused with its own name and place.",
  "config.user-only": "What starts a program or posts to an address on the user's machine is set in the user's own config alone.",
  "config.origin": "skep config show tells every setting with its value, and where it comes from with file and line, variable or guess.",
  "config.origin.secrets": "What may be a secret is not shown by it: addresses, arguments of a command, values whose names say so.",
  "config.fields": "Every field of the config is described and, when one value wide, settable by its variable.",
  "config.refusals": "A bad config file is refused with line, column, what is wrong and what to do.",
  "config.bombs": "A config file built to exhaust the reader is refused without exhausting it.",
  "config.names": "A misspelt or ill-typed variable or option is refused by its name, with a suggestion.",
  "config.limits": "Limits in the file's units reach the engine in its own.",
  "config.harness": "A role's harness, model, preset, commands and settings follow one order of precedence.",
  "config.guess.setup": "Worktree setup is guessed from lock files with commands that leave them unchanged.",
  "config.guess.tests": "The test command is guessed only where the repository shows it has tests.",
  "config.fallback": "A fallback harness keeps a role's preset and commands, not the words of another harness.",
} as const;
