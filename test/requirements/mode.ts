/** Several agents do one task together: who works when, who sees what, and what ends it. */
export default {
  "mode.converged":
    "Each mode ends when its votes agree, and its lead hands in the result, which is checked, reviewed and merged as any other.",
  "mode.cap": "Without agreement a mode ends at its rounds.",
  "mode.death": "A participant that ends twice without its part is lost, and the mode goes on without it, on record.",
  "mode.death.lead": "A mode that cannot do without its lead begins again together; another one leaves the result to the next attempt.",
  "mode.death.few": "Nobody goes on alone: with too few places left the attempt is over.",
  "mode.votes": "A missing vote counts for nothing and blocks unanimity; the quorum is of those who were recruited.",
  "mode.metric": "Where a metric decides, what misses it goes into another round until the rounds are used up.",
  "mode.returned": "What comes back from checks or review after a mode has ended is mended by one alone.",
  "mode.gate":
    "Tier 2 asks before the end, tier 3 after each round, a blocked vote always; a rejected gate adds a round, and one that waits loses nobody.",
  "mode.deadline": "Each place has a deadline in each step, in the log; time that a person, a pause or a missing host took is not counted.",
  "mode.recruit":
    "Seats are different agents of the wanted role and provider: what a team can never fill is refused, else all are waited for.",
  "mode.fence": "A part counts once, for the attempt, the step and the place of its session, with exactly what was asked for.",
  "mode.matrix": "Each place is shown exactly what its mode names in each step, and nothing else that was made.",
  "mode.matrix.missing": "What a step requires and nobody made is told to those who would have seen it.",
  "mode.property":
    "In any order of votes, deaths, duplicates, forged parts and other commands no vote counts twice, nothing stands still unexplained, and the log folds to the same.",
  "mode.pipeline": "A pipeline asks for a mode under delegation; what is wrong with it is refused in its line.",
  "mode.tools": "A participant has the tools of its part alone, within the budget of tokens.",
  "mode.tool.shown": "collab_contribute is for participants alone, and they cannot write each other past it.",
  "mode.tool.told": "whoami, the briefing and task_get tell a participant its part, and the call that ends it.",
  "mode.tool.refused":
    "A part with an unknown field, an invalid vote, another step, or other artifacts than asked for is refused with the reason.",
  "mode.tool.judged": "Whoever judges findings can judge all that as many reviewers as a mode may have can list.",
  "mode.tool.once": "A repeated part gets the first answer and counts no second time.",
  "mode.tool.matrix":
    "By every tool it may call a place reads exactly what its mode shows it in each step, and every other tool is refused to it.",
  "mode.e2e.circling":
    "A host that dies in every step of circling, around the saving of what is made, at its gate or in its result changes nothing of that.",
  "mode.e2e.parallel": "Side by side each works in a worktree of its own and is shown the others' changes in the next round.",
  "mode.e2e.sequential": "In turn each begins with the files as the one before left them; one who dies is passed over.",
  "mode.e2e.review": "Reviewers of a leader stand at its saved work, and what they write is thrown away.",
  "mode.e2e.converged": "On real processes a mode ends in the round in which its votes agree.",
  "mode.e2e.death":
    "On real processes a mode goes on without somebody who dies, to its cap; without its lead it begins again together, or another agent makes the result.",
  "mode.e2e.deadline": "What a place had left of its time is in the log, and another host ends it there.",
  "mode.e2e.metric": "On real processes a result that misses its metric sends all of its makers into another round.",
  "mode.e2e.gate": "A person who answers through an MCP client adds a round, and what follows the last round waits for that answer.",
  "mode.e2e.read-only": "A step that only reads is started without the tools that write, whatever its role may do elsewhere.",
  "mode.cost": "The page on modes says how many sessions, turns and messages each takes, as counted in real runs.",
} as const;
