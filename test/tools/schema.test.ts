/** What models and clients see of the tools: names, texts, schemas, annotations, and what all of it costs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { SCHEMA_FOLDER, toolSchemas } from "../../scripts/generated/tools.ts";
import type { Caller } from "../../src/engine/caller.ts";
import { AGENTS, type Audience, EVERYONE } from "../../src/tools/define-tool.ts";
import { TOOLS, TOOLS_BY_DUTY, toolsFor } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const tokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);
const names = TOOLS.map((tool) => tool.name);

/** Design §11. */
const SURFACE: Readonly<Record<Audience, readonly string[]>> = {
  operator: [
    ...[
      "swarm_create",
      "swarm_list",
      "swarm_status",
      "swarm_wait",
      "swarm_pause",
      "swarm_resume",
      "swarm_stop",
      "swarm_land",
      "spawn_role",
    ],
    ...["stop_role", "message_send", "inbox_read", "task_list", "task_get", "task_undo", "diff_get", "gate_answer"],
    ...["pipeline_list", "pipeline_preview", "pipeline_start"],
  ],
  queen: ["plan_submit", "spawn_role", "stop_role", "task_create", "task_cancel", "swarm_complete"],
  reviewer: ["plan_review_submit", "diff_get", "task_review_submit", "finding_verify"],
  worker: ["task_claim", "task_progress", "task_extend", "task_submit", "task_release", "task_propose"],
};
const COMMON = ["whoami", "message_send", "inbox_read", "task_list", "task_get", "human_ask"];

const callerOf = (audience: Audience): Caller =>
  audience === "operator" ? { kind: "operator" } : ({ kind: "session", duty: audience } as Extract<Caller, { kind: "session" }>);
const entriesFor = (audience: Audience) => toolsFor(callerOf(audience)).map((tool) => toolEntry(tool, audience));

test("[tools.registry] the registry holds every tool file once, in order of name", () => {
  expect(names).toEqual([...names].sort());
  const files = readdirSync(path.join(ROOT, "src/tools")).filter((file) => names.includes(file.replace(/\.ts$/, "").replaceAll("-", "_")));
  expect(files).toHaveLength(names.length);
  const all = readdirSync(path.join(ROOT, "src/tools"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const others = all.filter((file) => !files.includes(file));
  for (const file of others) {
    const text = readFileSync(path.join(ROOT, "src/tools", file), "utf8");
    expect(/= (swarm|agent|project)Tool\(\{/.test(text), `${file} makes a tool that src/tools/index.ts does not list`).toBe(false);
  }
});

test("[tools.surface] each audience has exactly the tools of the public surface", () => {
  for (const audience of EVERYONE) {
    const wanted = audience === "operator" ? SURFACE.operator : [...SURFACE[audience], ...COMMON];
    expect(toolsFor(callerOf(audience)).map((tool) => tool.name)).toEqual([...wanted].sort());
  }
  expect(TOOLS_BY_DUTY.worker).toContain("task_submit");
});

test("[mode.tools] who has a part in something done together sees the tools of that part alone, and nobody else sees its tool", () => {
  for (const audience of ["worker", "reviewer"] as const) {
    const mine = toolsFor(callerOf(audience), ["task_submit"], "collab");
    const common = COMMON.filter((name) => name !== "message_send");
    expect(mine.map(({ name }) => name)).toEqual([...common, "collab_contribute"].sort());
    expect(tokens(JSON.stringify({ tools: mine.map((tool) => toolEntry(tool, audience)) }))).toBeLessThanOrEqual(3_000);
  }
  expect(toolsFor(callerOf("queen"), null, "plan").map(({ name }) => name)).not.toContain("collab_contribute");
});

test("[tools.role-cut] a role that names its tools gets those alone", () => {
  expect(toolsFor(callerOf("worker"), ["whoami", "task_submit"]).map((tool) => tool.name)).toEqual(["task_submit", "whoami"]);
});

test("[tools.snapshots] the committed schema of each tool is what tools/list shows", () => {
  const wanted = toolSchemas();
  for (const [file, text] of Object.entries(wanted)) {
    const committed = existsSync(path.join(ROOT, file)) ? readFileSync(path.join(ROOT, file), "utf8") : "missing";
    expect(committed, `${file} differs: look at the change, then npm run generate`).toBe(text);
  }
  const files = readdirSync(path.join(ROOT, SCHEMA_FOLDER)).map((file) => `${SCHEMA_FOLDER}/${file}`);
  expect(files.sort()).toEqual(Object.keys(wanted).sort());
});

describe("[tools.budget] tools/list stays within its tokens", () => {
  test.each(EVERYONE.map((audience) => [audience, audience === "operator" ? 5_000 : 3_000] as const))("%s: %i", (audience, most) => {
    expect(tokens(JSON.stringify({ tools: entriesFor(audience) }))).toBeLessThanOrEqual(most);
    const visible = entriesFor(audience).map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema }));
    expect(tokens(JSON.stringify(visible))).toBeLessThanOrEqual(audience === "operator" ? 2_700 : 2_200);
  });
});

const views = TOOLS.flatMap((tool) => tool.audience.map((audience) => [tool.name, audience, toolEntry(tool, audience)] as const));

describe("[tools.schema] every schema is closed, plain and compiles in both dialects", () => {
  test.each(views)("%s for %s", (_name, _audience, entry) => {
    for (const schema of [entry.inputSchema, ...(entry.outputSchema ? [entry.outputSchema] : [])]) {
      expect(schema).not.toHaveProperty("$schema");
      expect(schema.type).toBe("object");
      expect(JSON.stringify(schema)).not.toMatch(/"(anyOf|oneOf|allOf|\$ref)"/);
      expect(() => new Ajv2020({ strict: true, strictTypes: false }).compile(schema)).not.toThrow();
      expect(() => new Ajv({ strict: true, strictTypes: false }).compile(schema)).not.toThrow();
    }
    expect(entry.inputSchema.additionalProperties).toBe(false);
  });
});

describe("[tools.texts] every text is short and says what it must", () => {
  test.each(TOOLS.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(tool.title.length).toBeGreaterThan(3);
    expect(tokens(tool.description)).toBeLessThanOrEqual(100);
    const first = tool.description.split(/[.:;](?= |$)/)[0] ?? "";
    expect(first.split(/\s+/).length, first).toBeLessThanOrEqual(20);
    expect(tool.description).not.toMatch(/\b[A-Z]{4,}\b/);
    const entry = toolEntry(tool, tool.audience[0] ?? "operator");
    expect(entry.annotations).toEqual({
      readOnlyHint: tool.kind === "read",
      destructiveHint: tool.kind === "destroy",
      idempotentHint: true,
      openWorldHint: tool.openWorld,
    });
    for (const text of parameterTexts(entry.inputSchema)) expect(tokens(text), text).toBeLessThanOrEqual(15);
    // Seven at most, beside the swarm an operator may name; a task has the fields the plan needs, a letter its conditions.
    const own = Object.keys(tool.input.shape).filter((field) => field !== "swarm");
    if (name !== "task_create") expect(own.length).toBeLessThanOrEqual(name === "message_send" ? 9 : 7);
    for (const word of own) expect(["taskId", "swarmId", "agentId", "from_agent", "sender"]).not.toContain(word);
  });
});

function parameterTexts(schema: unknown): readonly string[] {
  if (schema === null || typeof schema !== "object") return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "description" && typeof value === "string" ? [value] : parameterTexts(value),
  );
}

test("[tools.no-sender] no tool lets its caller say who it is", () => {
  for (const [, , entry] of views)
    expect(Object.keys((entry.inputSchema.properties ?? {}) as object)).not.toEqual(expect.arrayContaining(["seat"]));
  for (const audience of AGENTS) for (const entry of entriesFor(audience)) expect(entry.inputSchema.properties).not.toHaveProperty("swarm");
});

test("[tools.prose] prose tools declare no output schema, all others do", () => {
  const prose = TOOLS.filter((tool) => tool.output === null).map((tool) => tool.name);
  expect(prose).toEqual(["diff_get", "inbox_read", "task_claim", "task_get"]);
});
