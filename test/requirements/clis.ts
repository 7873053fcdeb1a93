/** Real agent CLIs, driven on loopback by `npm run test:clis`. */
export default {
  "clis.claude.edges": "What skep relies on where a real Claude session is cut: unknown sessions, steps per message, money per run.",
  "clis.claude.swarm": "A whole swarm of real Claude sessions goes from a goal to a landed branch, and its host may be killed on the way.",
} as const;
