/** What a person can see of the sessions of a whole swarm, and what nobody can. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { readTranscript, transcribed } from "../../src/engine/transcript/reader.ts";
import { transcriptFolder } from "../../src/engine/transcript/writer.ts";
import { claudeRig } from "../e2e/support/fake-claude.ts";
import type { Rig } from "../e2e/support/rig.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

/** Made up, of no known form: only whoever knows it can take it out. */
const KEY = "made-up-key-4711";
const CHATTY = `
queen:
  - say: "denied: the key ${KEY} is wrong"
  - say: "my key is ${KEY}"
  - run: [ls]
  - call: human_ask
    with: {question: "Which key?", options: [a, b], fallback: a}
`;

test("[seen.transcript][seen.transcript.redacted] a swarm's sessions leave transcripts; the key they were started with stands in none, in no denial and in no log", async () => {
  const rig = await claudeRig({ playbook: CHATTY, env: { ANTHROPIC_API_KEY: KEY, SKEP_LOG: "debug" } });
  rigs.push(rig);
  const swarm = await rig.create("Ask somebody");
  await rig.until(swarm, "a turn's end", (state) => [...state.sessions.values()].some(({ turns }) => turns > 0));
  const folder = transcriptFolder(rig.project.home, swarm.id);
  const [session] = await transcribed(folder);
  const lines = await until(
    async () => {
      const page = await readTranscript(folder, session as never);
      return page.lines.some(({ type }) => type === "turn_ended") ? page.lines : null;
    },
    { what: "the turn's end in the transcript" },
  );
  const told = lines.map(({ type }) => type);
  expect(told.slice(0, 3)).toEqual(expect.arrayContaining(["started", "message"]));
  expect(told).toContain("turn_ended");
  expect(lines).toContainEqual(expect.objectContaining({ type: "denied", why: "the key [redacted] is wrong" }));
  expect(lines).toContainEqual(expect.objectContaining({ type: "text", text: "my key is [redacted]" }));
  await rig.close();
  const leaks = filesBelow(path.join(rig.project.home, "swarms", swarm.id, "transcripts")).filter((file) => holds(file, KEY));
  const [log] = [path.join(rig.project.home, "swarms", swarm.id, "events.jsonl")];
  const denied = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes("tool_denied"));
  expect(denied.join("")).toContain("[redacted]");
  expect([...leaks, ...denied.filter((line) => line.includes(KEY))]).toEqual([]);
  expect(rig.hostLog()).not.toContain(KEY);
}, 60_000);

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [path.join(entry.parentPath, entry.name)] : [],
  );
const holds = (file: string, text: string): boolean => readFileSync(file, "utf8").includes(text);
