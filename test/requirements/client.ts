/** What the operator's client is offered beside the tools. */
export default {
  "client.resources": "The resources are one file each, with a template whose variables are ids, and a client can list and read them all.",
  "client.resources.foreign": "Text of agents in a resource is marked as theirs, or a string inside JSON.",
  "client.resources.refused": "An address with anything but ids in it, or of nothing there is, is refused before a file is looked for.",
  "client.resources.bounded": "A resource that is too large is cut, and the cut names the call that shows the rest.",
  "client.resources.operator": "An agent is offered no resources.",
  "client.completion": "Ids in a template's variables are completed from what is there.",
  "client.subscribe": "A followed resource is told when what it shows changes, and when only others change it is not.",
  "client.subscribe.bounded": "A connection follows so many resources and no more; one that is let go of is not told.",
  "client.subscribe.gone":
    "A server whose client left with everything followed ends, and a subscription that ends follows the log no more.",
} as const;
