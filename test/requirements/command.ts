/** Programs that do one turn and end, as a harness that config names. */
export default {
  "clis.command.swarm": "A swarm whose workers are a plain program runs to its end, also past a killed host.",
  "harness.command.cut": "An interrupt ends the running program with all it started, and the session stays usable.",
  "harness.command.detect": "The program that a command session's settings name is found, and wrong settings are refused by field.",
  "harness.command.errors": "A program that ends badly is a failed turn with its reason and kind.",
  "harness.command.hang": "A silent program shows no sign of life and has a time limit of its own.",
  "harness.command.killed": "A killed command session leaves no program behind.",
  "harness.command.lines": "Endless lines, noise and stray children of a program do no harm.",
  "harness.command.missing": "A program that cannot be started breaks its session.",
  "harness.command.prompt": "A program with memory gets the role once, one without gets it with every message and is told so.",
  "harness.command.resume": "A command session goes on by the program's own flag, or says that it cannot.",
  "harness.command.tools": "A program finds skep's tools and its token in a file that is its owner's, never in arguments or environment.",
  "harness.command.turns": "Each message is a process of its own that goes on with the session the program named.",
} as const;
