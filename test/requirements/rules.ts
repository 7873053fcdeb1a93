/** Rules: what models are told about code and conduct, and what of it a program decides. */
export default {
  "rules.shipped": "Rules for security, tests, documents, git and six languages come with the package, and six about conduct.",
  "rules.self-test":
    "Every shipped pattern finds its example and leaves its counter-example; every list of globs names its own path alone.",
  "rules.self-test.finds": "The self-test names each pattern and each list of globs that does not do what it says.",
  "rules.project": "A project's rule replaces the shipped one of its id, and comes first.",
  "rules.refused": "A broken rule file is refused with file, line and fix, everything wrong at once.",
  "rules.detect": "A rule of a language holds only where the base commit shows that language, and none that the config switches off.",
  "rules.choice": "A task is told the rules that may be about its files, the most particular first.",
  "rules.budget": "Rules are told whole within their budget of characters, and how many are left out is said.",
  "rules.doctor": "doctor names the rules that hold, and each pattern or list of globs that does not do what it says.",
  "rules.pinned": "The rules that hold are pinned in the swarm's settings, their patterns are checked on its submissions.",
  "rules.told": "A worker's briefing and a reviewer's request hold the project's and the repository's rules for the files.",
  "rules.returns": "A submission that breaks a rule's pattern is returned with the rule's name; the next one that does not, passes.",
} as const;
