/** What the operator's client is offered beside the tools. */
export default {
  "client.resources": "The resources are one file each, with a template whose variables are ids, and a client can list and read them all.",
  "client.resources.foreign": "Text of agents in a resource is marked as theirs, or a string inside JSON.",
  "client.resources.refused": "An address with anything but ids in it, or of nothing there is, is refused before a file is looked for.",
  "client.resources.bounded": "A resource that is too large is cut, and the cut names the call that shows the rest.",
  "client.resources.operator": "An agent is offered no resources.",
  "client.completion": "Ids in a template's variables and in a prompt's arguments are completed from what is there.",
  "client.instructions": "Every client is told at the start, in less than 2 KB, how to begin, with no tool it does not have.",
  "client.live":
    "Over a connection that stays a client is told progress, changes of what it follows, and asked what only a person decides.",
  "client.live.asked": "A client that has no stream open for questions is not asked over it.",
  "client.live.bounded": "Clients that stay are few; one that rests gives way, one that listens does not.",
  "client.live.cancel": "A call that is taken back makes room for another one, also at its client's limit.",
  "client.live.close": "An endpoint that closes answers the waits of its connections first.",
  "client.live.ends": "A connection ends by its client's word and by silence.",
  "client.live.refused": "A connection needs the operator's token, a loopback name, no foreign origin, and begins with initialize.",
  "client.logging": "Log messages are not offered over the protocol.",
  "client.modern":
    "A client of revision 2026-07-28 is offered what every other client is: the same tools, resources, prompts, completions.",
  "client.modern.agent": "An agent that speaks revision 2026-07-28 is offered its tools alone, where agents call.",
  "client.modern.asked":
    "In revision 2026-07-28 a question to the person goes with the answer of a call, and counts when the call comes back with theirs.",
  "client.modern.beside":
    "A client of an earlier revision meets what it always met, also on a pipe where another revision was spoken before.",
  "client.modern.cancel": "A call of revision 2026-07-28 that is taken back ends, and makes room at the endpoint.",
  "client.modern.close": "An endpoint that closes answers waits of revision 2026-07-28, and ends what is followed with a last word.",
  "client.modern.follow": "What a client of revision 2026-07-28 listens to is told when it changes; an address of nothing is refused.",
  "client.modern.refused": "A request that does not hold to revision 2026-07-28 is refused by the number the protocol has for it.",
  "client.prompts": "The prompts are one file each, and a client sees them all with described arguments.",
  "client.prompts.facts": "A prompt brings the facts it is about as they are, with what others wrote marked as theirs.",
  "client.prompts.placeholder":
    "A client that fills a prompt in itself is given the text with a place for the user's words, and nothing is refused for it.",
  "client.prompts.refused": "An unknown prompt, and an argument that is missing, strange or no id, is refused.",
  "client.prompts.tools": "A prompt sends the model to no tool it does not declare.",
  "client.subscribe": "A followed resource is told when what it shows changes, and when only others change it is not.",
  "client.subscribe.bounded": "A connection follows so many resources and no more; one that is let go of is not told.",
  "client.subscribe.gone":
    "A server whose client left with everything followed ends, and a subscription that ends follows the log no more.",
  "client.toolset":
    "The set core is the smallest with which a swarm can be run, watched, answered and landed; its tools say what they always say.",
  "client.toolset.operator": "An operator that knows the tools of core alone, and goes by what they answer, runs a goal to its landing.",
  "client.toolset.prompts": "A prompt whose tools are not all offered is not offered.",
  "client.toolset.refused": "A tool outside the set a server was started with is refused with where it is.",
} as const;
