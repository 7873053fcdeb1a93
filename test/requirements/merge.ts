/** Merging: what is verified, what is merged together, what comes back, and what can be taken out again. */
export default {
  "merge.verify": "Where the project asks for it, nothing is merged before the checks passed on what the merge gives.",
  "merge.red": "A red merge result goes back to its owner with the output; the integration branch stays as it was.",
  "merge.bisect": "A red batch is halved until the red task is alone; the others are merged in the order of approval.",
  "merge.batch.conflict": "A task that conflicts with its batch is left out of it and handled alone.",
  "merge.fence": "A verification of a batch that is no more is refused.",
  "merge.changed": "A merge that gives other files than were verified is not done but verified again.",
  "merge.one-worktree": "A merge result and a submission are never checked at the same time.",
  "merge.property": "Whatever fits with whatever: merging ends, only what passes is merged, and what fits with everything is.",
  "merge.many":
    "Two hundred tasks of one swarm are merged; the user's checkout stays as it is, git finds the repository sound, the host stays small.",
  "merge.sign": "Commits that stay are signed as config and the user's own git settings say: merges, reverts and what lands.",
  "merge.sign.programs": "Which program signs is the word of the user's own files; a program the repository names does not run.",
  "merge.sign.failed": "A commit that cannot be signed in time is not made, the branch stays, and the cause is told.",
  "merge.sign.gate":
    "A commit that could not be made for want of a signature or a hook's consent asks a person at once, and waits for the answer.",
  "merge.sign.fence": "A failure of a commit that is no more owed asks nobody.",
  "merge.sign.live": "A locked key stops at a gate; after the answer everything is signed, once, though the host is killed.",
  "merge.hooks": "The user's hooks run on skep's commits only where config names them; they may change the message.",
  "merge.hooks.refused": "A hook that refuses, hangs or takes out trailers stops the merge, and its words are told.",
  "merge.hooks.land": "A hook that config names sees, and may refuse, the message of what lands.",
  "merge.undo": "A merged task is taken out again with what came after it, by revert commits in one step; a live swarm does them again.",
  "merge.undo.live": "A middle task of a live swarm goes out with its dependants, all are done again, and the user's checkout stays.",
  "merge.undo.refused": "What cannot be undone is refused, changing nothing, with the later tasks or the commands that lead on.",
  "merge.undo.alone": "Nothing is merged while an undo is owed, and no undo is done while something is merged.",
} as const;
