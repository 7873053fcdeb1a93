/** The whole question of a gate, while it is being answered; an agent's words stay marked as its own. */
import { Box } from "ink";
import { Say, type Tone } from "./say.tsx";

export function Question({ lines, width, rows }: { readonly lines: readonly string[]; readonly width: number; readonly rows: number }) {
  const shown =
    lines.length <= rows ? lines : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more lines: skep status shows all`];
  return (
    <Box flexDirection="column" width={width}>
      {shown.map((line, at) => (
        <Say key={at} tone={toneOf(line, at)}>
          {line === "" ? " " : line}
        </Say>
      ))}
    </Box>
  );
}

const toneOf = (line: string, at: number): Tone => (at === 0 ? "yours" : line.startsWith("| ") ? "plain" : "strong");
