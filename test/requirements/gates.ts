/** Questions only a person may answer: where they are put, who answered, and what an answer does. */
export default {
  "gates.context":
    "What one has to know to answer stands beside the question, in swarm_status, at a terminal and in a dialog, an agent's words framed as its own.",
  "gates.elicit":
    "A client that can ask its user is asked each open gate while the operator waits, and what the user accepts is the answer.",
  "gates.elicit.shown":
    "What is asked there is bounded, names swarm and gate, and shows an agent's words line by line as its own, without control characters; options are a choice, a free question takes words.",
  "gates.elicit.left":
    "A question that is declined or dismissed leaves the gate open, the wait goes on, and it is not put again in that connection.",
  "gates.elicit.first":
    "Between a question in a client and `skep answer` the first answer wins: a question that is pending then is taken back, an answer that comes later is refused with who answered and when.",
  "gates.elicit.absent": "A client that does not say it can ask, and every agent, is asked nothing.",
  "gates.silence": "No time approves a plan or a merge: such a gate has no fallback and no deadline, and takes its own answers alone.",
  "gates.fence":
    "Only the operator lets a plan begin or a commit merge, and each answer speaks of the revision or commit it was asked about.",
  "gates.then": "Every option of every gate but an agent's own says what happens after it.",
  "gates.tier.one": "A swarm that is set to nothing asks only what cannot go on by itself.",
  "gates.tier.plan":
    "From tier 2 on a plan its review approves begins with a person's approve, and their words on return are the queen's findings.",
  "gates.tier.pipeline":
    "From tier 2 on the plan of a pipeline begins with a person's approve, which is asked for as soon as it is started.",
  "gates.tier.land":
    "From tier 2 on the work lands by a person's own command or on their word in a dialog of their client, never by a model alone.",
  "gates.tier.merge":
    "In tier 3 a task its review approves merges with a person's word for that commit; returned it goes back with their words, and its next commit is asked about again.",
  "gates.tier.property": "In any order of commands a tier-3 swarm begins no task and merges no commit without a person's word for it.",
  "gates.host": "With a real host a swarm of tier 2 or 3 comes from its start to landed work by a person's words alone.",
  "gates.kept": "An open gate outlives the death of a host, a pause, the look at stalled agents and gc.",
  "gates.tier.set": "The tier is the config's, or that of the call that makes the swarm, and stays what it was at birth.",
  "gates.who": "An answer is kept with who gave it, when, and through which client.",
} as const;
