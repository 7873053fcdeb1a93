/**
 * Words in one tone, cut at the edge; a row of them in columns. Without colour every tone is plain. A frame is made once and
 * thrown away, so the place in a list serves as key.
 */
import { Box, Text } from "ink";
import { createContext, type ReactNode, useContext } from "react";

export type Tone = "plain" | "quiet" | "strong" | "good" | "bad" | "yours" | "chosen";

const LOOKS = {
  plain: {},
  quiet: { dimColor: true },
  strong: { bold: true },
  good: { color: "green" },
  bad: { color: "red" },
  yours: { color: "yellow" },
  chosen: { color: "cyan", bold: true },
} as const satisfies Readonly<Record<Tone, object>>;

export const Coloured = createContext(true);

interface Words {
  readonly tone?: Tone | undefined;
  /** Which part of what is too long stays in sight. */
  readonly keep?: "start" | "end" | undefined;
  readonly children: ReactNode;
}

export function Say({ tone = "plain", keep = "start", children }: Words) {
  const look = useContext(Coloured) ? LOOKS[tone] : {};
  return (
    <Text wrap={keep === "end" ? "truncate-start" : "truncate-end"} {...look}>
      {children}
    </Text>
  );
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** Absent: it shares what the others leave. */
  readonly width?: number | undefined;
  readonly right?: true;
  readonly keep?: Words["keep"];
}

/** One line. */
export function Row({ cells, indent = 0 }: { readonly cells: readonly Cell[]; readonly indent?: number }) {
  return (
    <Box height={1} columnGap={1} paddingLeft={indent} overflow="hidden">
      {cells.map(({ text, tone, width, right, keep }, at) => {
        const place =
          width === undefined ? { flexGrow: 1, flexShrink: 1, flexBasis: 0, minWidth: 0 } : { width, flexShrink: 1, minWidth: 0 };
        return (
          <Box key={at} {...place} justifyContent={right ? "flex-end" : "flex-start"} overflow="hidden">
            <Say tone={tone} keep={keep}>
              {text}
            </Say>
          </Box>
        );
      })}
    </Box>
  );
}
