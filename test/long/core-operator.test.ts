/** An operator that was told nothing but the list of tools: it goes by their names, their fields, and what each answer says is next. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, test } from "vitest";
import { makeRig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { builtMain } from "../support/build.ts";
import { ask } from "../tools/support/swarm.ts";

const QUESTION = `
queen:
  - call: human_ask
    with: {question: "Which words?", fallback: "these", options: ["these", "those"]}`;
const MOST_CALLS = 60;

interface Tool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: { readonly properties?: object; readonly required?: readonly string[] };
}
interface Step {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The next call by the last answer alone; null: there is nothing more to do. What is for a terminal is the user's: it looks again. */
function nextStep(tools: readonly Tool[], facts: Readonly<Record<string, unknown>>, goal: string): Step | null {
  const starts = ({ description = "" }: Tool): boolean => /^start\b/i.test(description);
  const looks = ({ inputSchema }: Tool): boolean => facts.cursor !== undefined && "cursor" in (inputSchema.properties ?? {});
  const named = String(facts.next ?? "").split(/\W/)[0];
  const begins = Object.keys(facts).length === 0;
  const tool = begins ? tools.find(starts) : (tools.find(({ name }) => name === named) ?? tools.find(looks));
  if (!tool) return null;
  const [gate] = (facts.gates ?? []) as { gate: string; options?: string[] }[];
  // What the fields of the call may be filled with: what it was asked to do, and what the last answer told.
  const known: Readonly<Record<string, unknown>> = {
    goal,
    swarm: facts.swarm,
    cursor: facts.cursor,
    ...(gate ? { gate: gate.gate, answer: gate.options?.[0] ?? "yes" } : {}),
  };
  const fields = Object.keys(tool.inputSchema.properties ?? {}).filter((field) => known[field] !== undefined);
  return { tool: tool.name, args: Object.fromEntries(fields.map((field) => [field, known[field]])) };
}

test("[client.toolset.operator] with the four tools of core it runs a goal, watches, answers, and lands", async () => {
  const rig = await makeRig({ playbook: TWO_TASKS.replace("\nqueen:", QUESTION) });
  const client = new Client({ name: "operator", version: "1" });
  try {
    const args = [builtMain(), "mcp", "--toolset", "core", "--project", rig.repo.root];
    const env = { ...process.env } as Record<string, string>;
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env, cwd: rig.folder, stderr: "ignore" }));
    const { tools } = await client.listTools();
    const calls: string[] = [];
    let facts: Readonly<Record<string, unknown>> = {};
    while (calls.length < MOST_CALLS) {
      const step = nextStep(tools as readonly Tool[], facts, "Write two files.");
      if (step === null) break;
      calls.push(step.tool);
      const answer = await ask(client, step.tool, step.args);
      expect(answer.text, `${JSON.stringify(step)}\n${rig.hostLog().slice(-2_000)}`).not.toMatch(/^[A-Z_]+: /);
      facts = { swarm: facts.swarm, ...answer.facts };
    }
    expect(calls.length, calls.join(" ")).toBeLessThan(MOST_CALLS);
    expect([...new Set(calls)], JSON.stringify(facts)).toEqual(["swarm_create", "swarm_wait", "gate_answer", "swarm_land"]);
    for (const name of ["t1", "t2"]) expect(existsSync(path.join(rig.repo.root, `out/${name}.txt`)), JSON.stringify(facts)).toBe(true);
    expect(readFileSync(path.join(rig.repo.root, "out/t2.txt"), "utf8")).toBe("two\n");
  } finally {
    await client.close();
    await rig.close();
  }
}, 120_000);
