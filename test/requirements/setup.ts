/** Setting skep up in a project and its clients, and taking it away again. */
export default {
  "setup.registry": "Every MCP client is one file and one line of a list: where its settings are, and what stands there.",
  "setup.format": "An entry comes into a settings file and goes out again byte for byte; what others wrote there stays as it is.",
  "setup.init": "init finds CLIs, clients and commands, shows every change, and writes with --yes or a yes at a terminal.",
  "setup.shown": "What is written is what was shown: a file that changed in between stays as it is, and then nothing at all is written.",
  "setup.config": "The config that init writes is one that a swarm reads, with the commands found, and a schema for editors beside it.",
  "setup.again": "init a second time writes nothing, and replaces an entry of its own that is out of date.",
  "setup.refused":
    "A settings file that cannot be edited safely is refused with its name and line, and stays as it is; everything else is done.",
  "setup.residue":
    "After init, the demo and uninstall nothing of skep is left in repository, git's folder or home, however the settings there are written.",
  "setup.entry": "Each client's entry starts a server that answers, and names no place of one machine unless asked to.",
  "setup.hooks":
    "Hooks come only when asked for, into settings as they are; a session is told where its swarms stand, and is held up once for its mail.",
  "setup.uninstall": "uninstall leaves the checkout byte for byte as it was before init, and what was changed since it leaves and names.",
  "setup.leave": "uninstall stops what runs, removes what swarms left, and keeps branches with work that nothing else holds.",
} as const;
