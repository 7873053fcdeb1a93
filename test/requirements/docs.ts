/** What the documentation says. */
export default {
  "docs.links": "Every relative link and every path of the repository that a page names exists.",
  "docs.commands": "Every command and script a page tells to run exists, and the README shows every command.",
  "docs.fresh-clone": "The lock file is complete for every platform, so that npm ci, the first word of the README, works.",
  "docs.names": "Tools, error codes and settings that a page names exist.",
  "docs.site": "Every page is in the sidebar of the docs site, once, and a link to a heading means the same there as on GitHub.",
  "docs.site.alone": "The built site loads nothing from elsewhere: no font, no script, no style; its search is in it.",
  "docs.reference": "Every tool, command and setting stands whole in the pages, and the example of a call is one the tool takes.",
  "docs.recipes": "Every line of a recipe can be typed: played anew it ends as the page says.",
  "docs.complete": "The pages name every kind of gate with its answers, and every state of swarm, task and attempt.",
  "docs.examples": "The examples of config, role, team and playbook are accepted as they stand.",
  "docs.examples.run": "The commands on the page of every example run as they stand in a fresh home, and say what the page shows.",
  "docs.field": "The page of failures that others met names each with its test, in the words of that test's title.",
} as const;
