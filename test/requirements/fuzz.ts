/** Parsers under mutated input: valid recordings in which something is cut, doubled or replaced. `SKEP_FUZZ=50` runs more. */
export default {
  "fuzz.log": "A damaged log reads as the rule of its lines says, whole or refused by name; it never crashes a reader.",
  "fuzz.mail": "No file in an inbox holds up a letter beside it, and no words of a letter leave their frame or forge a second one.",
  "fuzz.roles": "A mutated role, team or rule file is taken as a whole or refused as a whole, with file and line.",
  "fuzz.yaml": "A mutated config is accepted as exactly what its schema says, or refused by its reader's own code, and soon.",
  "fuzz.streams": "A mutated stream of an agent CLI is read as sound events or noise: no crash, no negative or endless usage.",
  "fuzz.tool-input":
    "Mutated arguments of any tool are refused in words, or accepted with every id an id and every file inside the repository.",
} as const;
