/** Transcripts: what is written, what is not, and what happens at the edges of a file and of a disk. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SessionId } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import { Secrets } from "../../src/base/redact.ts";
import { readTranscript, transcribed } from "../../src/engine/transcript/reader.ts";
import { recording } from "../../src/engine/transcript/recorded.ts";
import { Transcripts, transcriptFile } from "../../src/engine/transcript/writer.ts";
import type { HarnessEvent } from "../../src/harness/harness.ts";
import { startSession } from "../../src/harness/session.ts";
import { orderFor } from "../harness/support/order.ts";
import { plainHarness } from "../harness/support/plain.ts";
import { tempDir } from "../support/temp.ts";

const X1 = "x1" as SessionId;
const logger = createLogger("test", "silent");
const inFolder = (folder: string, maxBytes?: number): Transcripts =>
  new Transcripts({ folder, clock: systemClock, logger, ...(maxBytes === undefined ? {} : { maxBytes }) });
const types = async (folder: string): Promise<readonly string[]> => (await readTranscript(folder, X1)).lines.map(({ type }) => type);

test("[seen.transcript][seen.transcript.redacted] a real process: what it is told and says is written down in order, its secrets are not", async () => {
  const folder = path.join(tempDir("transcripts"), "new");
  const transcripts = inFolder(folder);
  const secrets = new Secrets();
  secrets.add("the-token-of-this-run");
  const heard: HarnessEvent[] = [];
  const hear = (event: HarnessEvent): void => void heard.push(event);
  const told = recording({ write: transcripts.of(X1, 1), redact: secrets.redact, hear, prices: [], model: null });
  const says: readonly HarnessEvent[] = [
    { type: "ready", cliSession: "c1", mcp: "connected" },
    { type: "turn_started" },
    { type: "text", text: "my token is the-token-of-this-run" },
    { type: "tool", name: "Bash", input: { command: "curl -H 'Authorization: Bearer abcdefghijkl'" } },
    { type: "tool_result", name: "Bash", ok: false, text: "401 for the-token-of-this-run" },
    { type: "denied", tool: "Bash", why: "no the-token-of-this-run here" },
    { type: "alive" },
    { type: "noise", line: "???" },
    {
      type: "turn_ended",
      ok: false,
      text: "",
      error: "bad the-token-of-this-run",
      usage: { inputTokens: 1, outputTokens: 2, cachedTokens: 3, usd: 0.5 },
    },
  ];
  const harness = plainHarness(says, "the-token-of-this-run on stderr");
  const live = told.session(await startSession(harness, orderFor({}), { clock: systemClock, onEvent: told.onEvent }));
  expect(await live.deliver("Do it, the-token-of-this-run", "r1", "next")).toBe("taken");
  const exit = await live.exited;
  await transcripts.flush();

  const { lines } = await readTranscript(folder, X1);
  expect(lines).toMatchObject([
    { v: 1, run: 1, type: "message", text: "Do it, [redacted]", urgency: "next" },
    { type: "ready", cli: "c1", mcp: "connected" },
    { type: "text", text: "my token is [redacted]" },
    { type: "tool", name: "Bash", input: `{"command":"curl -H 'Authorization: Bearer [redacted]'"}` },
    { type: "tool_result", name: "Bash", ok: false, text: "401 for [redacted]" },
    { type: "denied", tool: "Bash", why: "no [redacted] here" },
    { type: "turn_ended", ok: false, error: "bad [redacted]", usage: { usd: 0.5 } },
    { type: "exit", code: 3, signal: null, stderr: "[redacted] on stderr\n", unreadable: 1 },
  ]);
  // Whoever hears of the session, and so the log of the swarm, gets the same.
  expect(JSON.stringify([heard, exit])).not.toContain("the-token-of-this-run");
  expect(heard).toHaveLength(says.length);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(transcriptFile(folder, X1)).mode & 0o777).toBe(0o600);
  expect(await transcribed(folder)).toEqual([X1]);
});

test("[seen.transcript.bounds] a full transcript says so once and keeps only the ends of turns and processes, over all runs", async () => {
  const folder = tempDir("transcripts");
  const first = inFolder(folder, 1_000);
  for (let n = 0; n < 40; n += 1) first.of(X1, 1)({ type: "text", text: `number ${n}` });
  first.of(X1, 1)({ type: "turn_ended", ok: true, error: null, usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: null } });
  await first.flush();
  const written = await types(folder);
  expect(written.slice(-2)).toEqual(["cut", "turn_ended"]);
  expect(written.filter((type) => type === "cut")).toHaveLength(1);
  const second = inFolder(folder, 1_000);
  second.of(X1, 2)({ type: "text", text: "more" });
  second.of(X1, 2)({ type: "exit", code: 0, signal: null, stderr: "", unreadable: 0 });
  await second.flush();
  expect(await types(folder)).toEqual([...written, "cut", "exit"]);
});

test("[seen.transcript.bounds] lines that cannot be written are counted where writing goes on", async () => {
  const folder = path.join(tempDir("transcripts"), "folder");
  const transcripts = inFolder(folder);
  writeFileSync(folder, "a file stands in the way");
  transcripts.of(X1, 1)({ type: "text", text: "one" });
  transcripts.of(X1, 1)({ type: "text", text: "two" });
  await transcripts.flush();
  rmSync(folder);
  transcripts.of(X1, 1)({ type: "text", text: "three" });
  await transcripts.flush();
  expect((await readTranscript(folder, X1)).lines).toMatchObject([
    { type: "lost", lines: 2, why: expect.stringMatching(/EEXIST|ENOTDIR/) },
    { type: "text", text: "three" },
  ]);
});

test("[seen.transcript.bounds] a reader takes whole lines only, goes on where it stopped, and skips what is torn", async () => {
  const folder = tempDir("transcripts");
  mkdirSync(folder, { recursive: true });
  const transcripts = inFolder(folder);
  transcripts.of(X1, 1)({ type: "text", text: "one" });
  await transcripts.flush();
  appendFileSync(transcriptFile(folder, X1), '{"v":1,"at":1,"run":1,"type":"te');
  const first = await readTranscript(folder, X1);
  expect(first.lines).toMatchObject([{ text: "one" }]);
  appendFileSync(transcriptFile(folder, X1), '\n{"v":2,"at":1,"type":"later"}\n{"v":1,"at":1,"run":1,"type":"text","text":"ü"}\n');
  const second = await readTranscript(folder, X1, first.next);
  expect(second.lines).toMatchObject([{ text: "ü" }]);
  expect(second.next).toBe(readFileSync(transcriptFile(folder, X1)).length);
  expect(await readTranscript(folder, "x9" as SessionId)).toEqual({ lines: [], next: 0 });
});
