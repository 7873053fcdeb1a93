/** Every key, and what the signs mean. */
import { Box } from "ink";
import { markSign } from "./marks.ts";
import { Row, Say } from "./say.tsx";

const KEYS: readonly (readonly [string, string])[] = [
  ["↑ ↓  k j", "select the next gate, agent or task"],
  ["← →  h l", "from one column of the board to the next"],
  ["tab", "from gates to the team, from the team to the board"],
  ["enter", "answer the gate, read the agent's transcript, read the task's diff"],
  ["t", "transcript of the agent, or of whoever has the task"],
  ["d", "diff of the task, or of the task the agent has"],
  ["a", "answer the open gate: a number, or your words"],
  ["s", "send a message to the agent"],
  ["p  r", "pause; resume: turns that run may end, none starts"],
  ["x", "stop the swarm for good; asks once"],
  ["q  ctrl-c", "leave; the swarm goes on"],
];

export function Help({ width }: { readonly width: number }) {
  return (
    <Box flexDirection="column" width={width}>
      <Say tone="strong">Keys</Say>
      {KEYS.map(([key, does]) => (
        <Row key={key} indent={2} cells={[{ text: key, tone: "chosen", width: 10 }, { text: does }]} />
      ))}
      <Say> </Say>
      <Say tone="strong">Tasks</Say>
      <Row
        indent={2}
        cells={[
          {
            text: `${markSign("waits")} to do   ${markSign("works")} at work   ${markSign("proves")} proving   ${markSign("merged")} merged   ${markSign("failed")} failed   ${markSign("dropped")} cancelled`,
          },
        ]}
      />
    </Box>
  );
}
