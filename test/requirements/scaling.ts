/** A swarm grows with its work up to its caps, and gives back what it does not need. */
export default {
  "scaling.off": "Without a cap on the whole swarm nobody joins by themselves.",
  "scaling.demand": "Work waits when nobody is free for it or about to be; nothing waits when there is nothing to do.",
  "scaling.order": "Reviews come before risk reviews, these before work, and work before the review of a plan.",
  "scaling.caps": "Whoever adds an agent, a cap on swarm, role or provider is a refusal that names it, and growth stops there and says so.",
  "scaling.team": "A team that is larger than a cap is refused before its swarm is made.",
  "scaling.pace": "Within one cool-down no more agents join by themselves than the tick allows, and the engine wakes at its end.",
  "scaling.need": "Nobody joins for work that is gone, and two who saw the same need add one agent.",
  "scaling.race": "Two processes that add agents at the same time stay within every cap.",
  "scaling.fence": "A host that lost its lease adds nobody and lets nobody go.",
  "scaling.reviewer": "A reviewer that joins comes on another provider than the authors', where the project uses one.",
  "scaling.provider": "Nobody joins on a provider that rests.",
  "scaling.joiners": "What may join is what the project's settings name, pinned when the swarm is made.",
  "scaling.reap": "Who joined by themselves leave after a while without work; nobody else does, and nobody with work or a question.",
  "scaling.mail": "An agent with an unread question stays until it is read.",
  "scaling.property": "Caps hold, nobody joins without need and nobody at work leaves, in any order of commands.",
  "scaling.e2e": "A swarm with one worker and six tasks grows to its cap, merges all of them, and is small again.",
} as const;
