/** Checks: what stops a submission without anybody's judgement. */
export default {
  "checks.registry": "The registry of checks is the folder of checks.",
  "checks.orders": "A submission is checked by what the settings of its base say, and briefings name those checks.",
  "checks.run": "Checks run in turn, answer in order and hash what they looked at; those that start programs run last.",
  "checks.run.closed": "A check that throws, never ends, is unknown or gets bad options blocks the submission.",
  "checks.run.abort": "A run of checks that is cut short records nothing.",
  "checks.scope": "A submission that changes a file outside its task is stopped, file by file.",
  "checks.scope.patterns": "Files are given as paths, folders or globs, and mean what people write.",
  "checks.scope.reserved": "`.skep/` and `.git` are outside every task.",
  "checks.loop":
    "Work that misses a metric is discarded, attempt by attempt, with approach and result on record; what reaches it is merged.",
  "checks.scope.kept": "A submission refused for files outside its task stays on a backup ref that the refusal names.",
  "checks.secrets.range": "A secret in an earlier commit of a submission sends it back though a later one took it out.",
  "checks.secrets": "A secret in any added line of any commit stops the submission and is never repeated.",
  "checks.secrets.old": "A secret that was there before is not blamed on a submission.",
  "checks.secrets.allow": "Strings a project allows are not taken for secrets.",
  "checks.forbidden": "An added line that matches a forbidden pattern of the project stops the submission.",
  "checks.forbidden.markers": "Leftover conflict markers stop a submission without any configuration.",
  "checks.forbidden.endless": "A pattern that does not come to an end blocks instead of hanging the host.",
  "checks.commands": "The project's own commands decide by their exit code; their last words are told.",
  "checks.commands.bounded": "A command has a time limit and its output a size.",
  "checks.commands.missing": "A command or folder that is not there blocks.",
  "checks.commands.argv": "A command is a list of arguments that no shell reads.",
  "checks.outputs": "A file that a role has to hand over must be there, with the content it must have.",
  "checks.size": "A submission above the limit of changed lines is returned with the way to split it; a large one is noted.",
  "checks.size.generated": "Lock files, vendored files and what the base calls generated do not count as changed lines.",
  "checks.merge-preview": "A submission that would not merge now is told with its files; it is returned only when the project asks for it.",
  "checks.metric": "A metric decides by the exit of a command, which may also have to fail; one that cannot run is a failure.",
  "checks.metric.number": "A metric decides by a number the command prints; no number is a failure.",
  "checks.metric.base": "A metric can have to beat the same command at the base; the worktree is back at the submission afterwards.",
  "checks.dangerous.lines":
    "Lines that do harm when run are told by patterns that each match their examples and not their counter-examples.",
  "checks.dangerous": "A plainly dangerous line stops the submission where it is run; in documentation it is a note, in a comment nothing.",
  "checks.dangerous.files":
    "Links that leave the repository, unreadable programs and large binaries stop a submission; submodules and modes are noted.",
  "checks.dangerous.ci":
    "A workflow that checks out a stranger's code with the project's secrets is stopped; other changes of the CI are noted.",
  "checks.dependencies":
    "What came in, went or changed in manifests and lock files of npm, Python, Go and Rust is named; a list of allowed ones decides.",
  "checks.dependencies.unasked": "A locked package that neither a manifest nor another package asks for stops the submission.",
  "checks.dependencies.licences": "A package under a denied licence is stopped, one whose licence is unknown is named as unknown.",
  "checks.dependencies.own": "A change of the project's own licence stops the submission unless the project allows it.",
} as const;
