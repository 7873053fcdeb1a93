/** What a session was told, or said, as its transcript has it. */
import { readTranscript } from "../../../src/engine/transcript/reader.ts";
import { transcriptFolder } from "../../../src/engine/transcript/writer.ts";
import { until } from "../../support/until.ts";
import type { Rig } from "./rig.ts";

/** The first message of a session, or the first thing it said, once it is written down. */
export async function first(type: "message" | "text", rig: Rig, swarm: string, session: string): Promise<string> {
  const folder = transcriptFolder(rig.project.home, swarm);
  return until(
    async () => {
      const { lines } = await readTranscript(folder, session as never);
      const line = lines.find((one) => one.type === type);
      return line?.type === "message" || line?.type === "text" ? line.text : null;
    },
    { what: `the first ${type} of ${session}` },
  );
}
