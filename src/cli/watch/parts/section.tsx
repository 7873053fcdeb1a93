/** A heading with a rule, and what stands under it. */
import { Box } from "ink";
import type { ReactNode } from "react";
import { Row, Say } from "./say.tsx";

interface Props {
  readonly name: string;
  readonly width: number;
  /** Beside the name, e.g. a count. */
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

export function Section({ name, width, note = "", children }: Props) {
  const head = note === "" ? name : `${name}  ${note}`;
  return (
    <Box flexDirection="column" width={width} overflow="hidden">
      <Say tone="quiet">{`${head} ${"─".repeat(Math.max(0, width - head.length - 1))}`}</Say>
      {children}
    </Box>
  );
}

export const More = ({ hidden }: { readonly hidden: number }) =>
  hidden === 0 ? null : <Row indent={2} cells={[{ text: `… and ${hidden} more`, tone: "quiet" }]} />;
