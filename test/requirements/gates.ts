/** Questions only a person may answer: where they are put, who answered, and what an answer does. */
export default {
  "gates.elicit":
    "A client that can ask its user is asked each open gate while the operator waits, and what the user accepts is the answer.",
  "gates.elicit.shown":
    "What is asked there is bounded, names swarm and gate, and shows an agent's words line by line as its own, without control characters; options are a choice, a free question takes words.",
  "gates.elicit.left":
    "A question that is declined or dismissed leaves the gate open, the wait goes on, and it is not put again in that connection.",
  "gates.elicit.first":
    "Between a question in a client and `skep answer` the first answer wins: a question that is pending then is taken back, an answer that comes later is refused with who answered and when.",
  "gates.elicit.absent": "A client that does not say it can ask, and every agent, is asked nothing.",
  "gates.who": "An answer is kept with who gave it, when, and through which client.",
} as const;
