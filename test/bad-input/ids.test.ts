/** Words that would climb out of a folder, in every place of every call where a word can stand. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Caller } from "../../src/engine/caller.ts";
import { type Audience, EVERYONE } from "../../src/tools/define-tool.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";
import { type Schema, wordsOf } from "../support/schema-words.ts";
import { ask, connect, PLAN, TestSwarm } from "../tools/support/swarm.ts";
import { CLI_IDS, OWN } from "./support/cli-ids.ts";
import { endHost, REFUSAL, skep } from "./support/doors.ts";

const CLIMBING = ["../meta", "../../../../meta", "/etc/meta", "..\\meta", "meta\u0000x", "--upload-pack=meta", ".git/meta"];
const SECRET = "this was outside";

/** Ends the swarm the others are tried on, and takes nothing but prose. */
const NOT_TRIED_ON_IT = "swarm_stop";
/** The operator last: it may make swarms, to which nobody is a stranger. */
const ORDER = [...EVERYONE].sort((a, b) => Number(a === "operator") - Number(b === "operator"));

let swarm: TestSwarm;
const callers = new Map<Audience, Caller>();

beforeAll(async () => {
  swarm = await TestSwarm.start();
  callers.set("operator", swarm.caller("operator"));
  callers.set("queen", swarm.caller("queen"));
  await swarm.must("queen", "plan_submit", PLAN);
  await swarm.settle();
  callers.set("reviewer", swarm.caller("reviewer"));
  const coverage = PLAN.conditions.map((_, index) => ({ condition: index + 1, tasks: [`t${index + 1}`] }));
  await swarm.must("reviewer", "plan_review_submit", {
    ...{ revision: 1, plan_hash: swarm.state.plan.pending?.hash },
    ...{ coverage, findings: [] },
  });
  await swarm.settle((effect) => (effect.kind === "stop_session" ? null : undefined));
  callers.set("worker", swarm.caller("dev-0"));
  // Where the climbing words would lead from the folders of the store.
  for (const dir of ["", "swarms", `swarms/${swarm.swarm.id}`, `swarms/${swarm.swarm.id}/mail`]) {
    mkdirSync(path.join(swarm.project.home, dir, "meta"), { recursive: true });
    writeFileSync(path.join(swarm.project.home, dir, "meta", "events.jsonl"), SECRET);
  }
});
afterAll(() => endHost(swarm.root));

/** Every file below `dir` that nothing but a climbing word could have made. */
function strangers(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" }).filter(
    (name) => /meta/.test(name) && !/(^|\/)meta(\/events\.jsonl)?$/.test(name),
  );
}

describe("[bad-input.ids.tools] a word that would climb out of a folder is refused or stays a word, in every argument of every tool", () => {
  test.each(ORDER)("of %s", async (audience) => {
    const caller = callers.get(audience);
    if (!caller) throw new Error(`no caller for ${audience}`);
    const client = await connect(caller, swarm.project);
    for (const tool of TOOLS.filter((one) => one.audience.includes(audience))) {
      const schema = toolEntry(tool, audience).inputSchema as Schema;
      for (const word of CLIMBING) {
        const everywhere = wordsOf(schema, word) as Record<string, unknown>;
        // A wrong swarm is refused first and would hide the rest.
        const rest = { ...everywhere, swarm: swarm.swarm.id };
        for (const args of tool.name === NOT_TRIED_ON_IT || !("swarm" in tool.input.shape) ? [everywhere] : [everywhere, rest]) {
          const answer = await ask(client, tool.name, args);
          const seen = `${tool.name} ${JSON.stringify(word)} ${answer.text.slice(0, 200)}`;
          expect(answer.code, seen).not.toBe("INTERNAL");
          expect(answer.text, seen).not.toContain(SECRET);
          if (!answer.ok) expect(answer.text, seen).toMatch(/^[A-Z_]+: .+\. Next: .+\.$/s);
        }
      }
    }
    expect(strangers(swarm.project.home)).toEqual([]);
    expect(existsSync("/etc/meta")).toBe(false);
    expect(swarm.state.status).toMatch(/running|paused/);
  });
});

describe("[bad-input.ids.cli] a command refuses an id that is none, whatever it is for", () => {
  test.each(CLI_IDS)("%s", async (_what, args) => {
    const before = swarm.state.seq;
    const { code, out, err } = await skep({ cwd: swarm.root }, ...args.map((arg) => (arg === OWN ? swarm.swarm.id : arg)));
    expect({ code, out, said: REFUSAL.exec(err)?.[1] ?? err }).toEqual({
      code: 1,
      out: "",
      said: expect.stringMatching(/^(BAD_ID|BAD_INPUT|NO_AGENT|NO_PROJECT|NO_RECIPIENT|NO_SESSION)$/),
    });
    await swarm.swarm.refresh();
    expect(swarm.state.seq).toBe(before);
    expect(strangers(swarm.project.home)).toEqual([]);
  });
});
