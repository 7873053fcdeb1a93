/** What holds without a sandbox, beside what other parts promise; the table in docs/security.md names the tests of each threat. */
export default {
  "security.token": "A new start of a session takes its old token away at once; a stopped session's token is nobody's and acts nowhere.",
  "security.mail.foreign": "No agent reads a letter of another's inbox.",
  "security.links.worktree":
    "A worktree that was replaced by a link is neither worked in nor followed; the folder it points at stays as it was.",
  "security.links.copy": "Ignored files are copied into a worktree and never through a link out of it.",
  "security.links.skep": "A link in `.skep` is not followed: what lies outside the commit is neither read nor told.",
  "security.arguments.cli": "Every argument of every command is tried with a word that climbs, or is known to be no id.",
  "security.arguments.remote": "A remote whose name git would read as an option is never given to git.",
  "security.shown": "Goals, files, messages and arguments reach a terminal without a character it obeys, as text and as JSON.",
  "security.shown.quote": "A quoted name reads back whole and holds no control, bidirectional or hidden character.",
  "security.bombs": "A submission that is small on disk and enormous as a diff is read in pages of a size, or refused.",
  "security.private": "Nothing in the state folder of a project is readable or writable by anybody but its owner.",
  "security.table": "Each row of the threat table names promises that exist, and each promise of security and fuzzing stands in it.",
} as const;
