/** The last line: what the keys do, what was just done, or what is being typed. */
import { Box } from "ink";
import { visible } from "../../../domain/foreign.ts";
import type { Picture } from "../picture.ts";
import type { Ui } from "../ui.ts";
import { Row, Say } from "./say.tsx";

const KEYS: readonly (readonly [string, string])[] = [
  ["↑↓←→", ""],
  ["⏎", "open"],
  ["t", "log"],
  ["d", "diff"],
  ["a", "answer"],
  ["s", "send"],
  ["p", "pause"],
  ["x", "stop"],
  ["?", "help"],
  ["q", "quit"],
];
const PAGE_KEYS: readonly (readonly [string, string])[] = [
  ["↑↓", "scroll"],
  ["space b", "page"],
  ["g G", "begin, end"],
  ["esc", "back"],
];

export function Foot({ ui, picture, width }: { readonly ui: Ui; readonly picture: Picture; readonly width: number }) {
  const { mode, notice } = ui;
  if (mode.at === "write") return <Typed label={`to ${mode.to}`} text={mode.text} />;
  if (mode.at === "answer") return <Typed label={`answer ${mode.gate}`} text={mode.text} />;
  if (mode.at === "confirm")
    return <Say tone="yours">{`End ${picture.swarm} for good? Its work is kept. y ends it, every other key does not.`}</Say>;
  if (notice) return <Say tone={notice.bad ? "bad" : "good"}>{notice.text}</Say>;
  if (mode.at === "help") return <Say tone="quiet">every key goes back</Say>;
  const keys = (mode.at === "page" ? PAGE_KEYS : KEYS).map((pair) =>
    pair[0] === "p" && picture.status === "paused" ? (["p", "resume"] as const) : pair,
  );
  return (
    <Box columnGap={2} height={1} width={width} overflow="hidden">
      {keys.map(([key, does]) => (
        <Box key={key} columnGap={1} flexShrink={0}>
          <Say tone="strong">{key}</Say>
          {does === "" ? null : <Say tone="quiet">{does}</Say>}
        </Box>
      ))}
    </Box>
  );
}

/** The end of what is typed stays in sight. */
function Typed({ label, text }: { readonly label: string; readonly text: string }) {
  const hint = "enter sends, esc leaves it";
  return (
    <Row
      cells={[
        { text: label, tone: "yours", width: label.length },
        { text: `${visible(text)}█`, keep: "end" },
        { text: hint, tone: "quiet", width: hint.length, right: true },
      ]}
    />
  );
}
