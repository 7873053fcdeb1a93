/** Commands given something that is no id, by the argument it stands in. */
export const WORD = "../meta";
/** Stands for the swarm the commands are tried on. */
export const OWN = "OWN";
type Row = readonly [what: string, args: readonly string[]];

export const CLI_IDS: readonly Row[] = [
  ["answer <gate>", ["answer", WORD, "yes"]],
  ["answer --swarm", ["answer", "g1", "yes", "--swarm", WORD]],
  ["attach <agent>", ["attach", WORD, "--swarm", OWN]],
  ["attach --swarm", ["attach", "queen", "--swarm", WORD]],
  ["dead-letters <swarm>", ["dead-letters", WORD]],
  ["dead-letters --to", ["dead-letters", OWN, "--resend", "x", "--to", WORD]],
  ["dead-letters --resend", ["dead-letters", OWN, "--resend", WORD, "--to", "queen"]],
  ["land <swarm>", ["land", WORD]],
  ["events <swarm>", ["events", WORD]],
  ["logs <name>", ["logs", WORD]],
  ["logs --swarm", ["logs", "queen", "--swarm", WORD]],
  ["logs --session", ["logs", "queen", "--session", WORD, "--swarm", OWN]],
  ["pause <swarm>", ["pause", WORD]],
  ["pipeline <name>", ["pipeline", "preview", WORD]],
  ["pipeline --harness", ["pipeline", "start", "refactor", "a goal", "--harness", WORD]],
  ["pipeline --team", ["pipeline", "preview", "refactor", "a goal", "--team", WORD]],
  ["resume <swarm>", ["resume", WORD]],
  ["review-audit --swarm", ["review-audit", "--swarm", WORD]],
  ["review-audit --report", ["review-audit", "--report", WORD]],
  ["run --continue-from", ["run", "a goal", "--continue-from", WORD]],
  ["run --pipeline", ["run", "a goal", "--pipeline", WORD]],
  ["run --team", ["run", "a goal", "--team", WORD]],
  ["run --harness", ["run", "a goal", "--harness", WORD]],
  ["send <to>", ["send", WORD, "hello", "--swarm", OWN]],
  ["send --swarm", ["send", "queen", "hello", "--swarm", WORD]],
  ["send --task", ["send", "queen", "hello", "--task", WORD, "--swarm", OWN]],
  ["serve --project", ["serve", "--project", WORD]],
  ["report <swarm>", ["report", WORD]],
  ["status <swarm>", ["status", WORD]],
  ["status --project", ["status", "--project", WORD]],
  ["stop <swarm>", ["stop", WORD]],
  ["undo <task>", ["undo", WORD, "--swarm", OWN]],
  ["undo --swarm", ["undo", "t1", "--swarm", WORD]],
  ["watch <swarm>", ["watch", WORD]],
];
