/** Roles and teams as data files. */
export default {
  "catalog.shipped": "Thirteen roles and the teams solo, minimal, dev-team and dev-team-pro come with the package.",
  "catalog.profile.prompt": "Responsibilities, must-not, framework and escalation of a role stand in its prompt, in one order.",
  "catalog.profile.checks": "Required outputs and forbidden patterns of a role are checks of its tasks.",
  "catalog.profile.size": "What a shipped role says of itself is 400 to 700 tokens.",
  "catalog.shipped.place": "The package's roles and teams are found from the sources and from the bundle.",
  "catalog.shipped.missing": "A package without its roles says so.",
  "catalog.seats": "Every seat of a team gets a name of its own.",
  "catalog.seats.more": "A seat added later takes the first free name of its role.",
  "catalog.project.overrides": "A project's role or team replaces the shipped one of the same id.",
  "catalog.project.fields": "A role may name checks, commands, harness and model, and a team's seat is stronger.",
  "catalog.project.elsewhere": "Files beside the role and team folders are left alone.",
  "catalog.refused": "A broken role or team file is refused with file, line and fix, everything wrong at once.",
  "catalog.unknown": "An unknown role or team is refused with the one that was probably meant.",
} as const;
