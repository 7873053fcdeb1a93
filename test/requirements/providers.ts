/** Providers of models that do not serve: what rests, what turns elsewhere, what a person is asked. */
export default {
  "provider.auth": "What only a person can mend at a provider becomes one gate, and its answer lets the work go on.",
  "provider.context": "A full context ends in a fresh session of the same attempt, which is told so.",
  "provider.kept": "A role that keeps its session does job after job in it, and ends when nothing comes.",
  "provider.kept.saved":
    "What a kept session let go of is saved when its turn ends, not when the session does, and nothing is opened or begun over it before.",
  "provider.model": "A model that is refused holds the agents that use it, and nobody else of its provider.",
  "provider.quota": "A provider that is used up rests for every agent until its reset time and goes on by itself.",
  "provider.quota.unknown": "Without a reset time the pause of a provider doubles, up to an hour.",
  "provider.rapid": "A program that dies at once degrades its provider where a role names another harness.",
  "provider.restarts": "A job gets a bounded number of fresh sessions in one attempt.",
  "provider.restarts.route": "A session that may not begin anew any more is given up; waiting for a provider is no beginning.",
  "provider.retrying": "A CLI that only retries its model is stopped after a while and resumed when the provider serves.",
  "provider.retrying.over": "An answer of the model ends the count of retries.",
  "provider.route": "A role that names another harness turns to it in the same attempt, on record as a downgrade, and back later.",
  "provider.together": "Agents that fail at the same time are one trouble of their provider; what is known of its reset is kept.",
} as const;
