/** What the operator's calls answer: starting, following, gates, agents, pausing and stopping. */
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { gateText, openGates } from "../../src/cli/follow/gates.ts";
import { projectAt, repository, write } from "../engine/support/repository.ts";
import { ask, connect, FILES, PLAN, TestSwarm } from "./support/swarm.ts";

let swarm: TestSwarm;
beforeEach(async () => {
  swarm = await TestSwarm.start();
});

describe("[tools.create] swarm_create", () => {
  test("makes a swarm on a goal; the same goal and team again is the same swarm", async () => {
    const client = await connect({ kind: "operator" }, await projectAt(repository(FILES)));
    const args = { goal: "Make it better", harness: "scripted" };
    const first = await ask(client, "swarm_create", args);
    expect(first.facts).toMatchObject({
      title: "Make it better",
      status: "opening",
      branch: expect.stringContaining("skep/"),
      next: expect.stringContaining("swarm_wait"),
    });
    const again = await ask(client, "swarm_create", args);
    expect(again.facts).toEqual({ ...first.facts, repeated: true });
    const other = await ask(client, "swarm_create", { ...args, team: "solo" });
    expect(other.facts.swarm).not.toBe(first.facts.swarm);
    const keyed = await ask(client, "swarm_create", { goal: "Another", harness: "scripted" }, { "dev.skep/key": "k1" });
    const rekeyed = await ask(client, "swarm_create", { goal: "Yet another", harness: "scripted" }, { "dev.skep/key": "k1" });
    expect(rekeyed.facts).toEqual({ ...keyed.facts, repeated: true });
  });

  test("[gates.tier.set] the tier is the config's, the call's wins, and another one later changes nothing", async () => {
    const client = await connect({ kind: "operator" }, await projectAt(repository({ ...FILES, ".skep/config.yaml": "automation: 2\n" })));
    const project = await projectAt(repository({ ...FILES, ".skep/config.yaml": "automation: 2\n" }));
    const [byConfig, byCall] = await Promise.all(
      [{ goal: "g" }, { goal: "h", automation: 3 as const }].map(({ goal, ...given }) =>
        project.create({ goal, team: null, flags: { "harness.default": "scripted", ...given } }),
      ),
    );
    const tier = async (born: typeof byConfig) => born?.handle.look(({ limits }) => limits.automation);
    expect([await tier(byConfig), await tier(byCall)]).toEqual([2, 3]);
    expect((await ask(client, "swarm_create", { goal: "g", harness: "scripted", automation: 4 })).code).toBe("BAD_INPUT");
  });

  test("names the files no agent will see, and refuses an unknown team or harness", async () => {
    const root = repository(FILES);
    write(root, { "src/a.ts": "changed\n" });
    const client = await connect({ kind: "operator" }, await projectAt(root));
    expect((await ask(client, "swarm_create", { goal: "g", harness: "scripted" })).facts.unseen).toEqual(["src/a.ts"]);
    expect((await ask(client, "swarm_create", { goal: "h", team: "minimall" })).text).toMatch(
      /^NO_TEAM: .*Next: the same call with the team minimal/,
    );
    expect((await ask(client, "swarm_create", { goal: "h", harness: "claud" })).code).toBe("NO_HARNESS");
  });

  test("[retention.said] says when more is kept of earlier swarms than has room, and what shows what may go", async () => {
    const root = repository({ ...FILES, ".skep/config.yaml": "retention: { diskMb: 1 }\n" });
    const project = await projectAt(root);
    const client = await connect({ kind: "operator" }, project);
    expect((await ask(client, "swarm_create", { goal: "g", harness: "scripted" })).facts).not.toHaveProperty("room");
    write(path.join(project.home, "archive"), { "s-old.tar.gz": "x".repeat(1_500_000) });
    expect((await ask(client, "swarm_create", { goal: "h", harness: "scripted" })).facts.room).toBe(
      "skep keeps 2 MiB of earlier swarms here, 1 are set as retention.diskMb: skep gc",
    );
  });
});

test("[tools.which-swarm] swarm defaults to the only live one, else the live ones are listed with their goals", async () => {
  expect((await swarm.must("operator", "swarm_status")).facts.swarm).toBe(swarm.swarm.id);
  const { handle } = await swarm.project.create({ goal: "Second goal", team: null, flags: { "harness.default": "scripted" } });
  const which = await swarm.call("operator", "swarm_status");
  expect(which.code).toBe("WHICH_SWARM");
  expect(which.text).toContain(`${handle.id} "Second goal"`);
  expect(which.text).toContain(swarm.swarm.id);
  expect((await swarm.must("operator", "swarm_status", { swarm: handle.id })).facts.title).toBe("Second goal");
  for (const id of [handle.id, swarm.swarm.id]) await swarm.must("operator", "swarm_stop", { swarm: id });
  expect((await swarm.call("operator", "swarm_status")).code).toBe("NO_SWARM");
  expect((await swarm.call("operator", "swarm_status", { swarm: "s-none00" })).code).toBe("NO_SWARM");
  // A place whose swarm never began, since whoever made it died, is no swarm.
  await (await swarm.project.store.create("s-never" as never)).close();
  const { swarms } = (await swarm.must("operator", "swarm_list")).facts as { swarms: { status: string; title: string }[] };
  expect(swarms.map(({ title, status }) => [title, status])).toEqual([
    ["Second goal", "stopped"],
    ["Add add() and double().", "stopped"],
  ]);
  expect((await swarm.must("operator", "swarm_list", { live: true })).facts.swarms).toEqual([]);
});

test("[why.tool] swarm_status lists what does not move: the whole swarm first, each with the call that helps", async () => {
  await swarm.must("queen", "plan_submit", PLAN);
  expect((await swarm.must("operator", "swarm_status")).facts).not.toHaveProperty("waiting");
  await swarm.must("operator", "swarm_pause");
  await swarm.settle();
  const { facts } = await swarm.must("operator", "swarm_status");
  const paused = "the swarm is paused by a person. Next: swarm_resume";
  expect(facts.waiting).toEqual([`${swarm.swarm.id}: ${paused}`, expect.stringMatching(new RegExp(`dev-0.*: ${paused}$`))]);
  expect(facts.next).toBe("swarm_resume");
});

test("[why.letters] letters to the operator that nobody read stand in the status until they are read", async () => {
  const status = async () => (await swarm.must("operator", "swarm_status")).facts.unread;
  expect(await status()).toBeUndefined();
  await swarm.swarm.mail.send({ from: "skep", to: "operator", kind: "system", subject: "dev-0 is stuck", body: "Look." });
  expect(await status()).toBe("1 letter to you: inbox_read");
  expect((await swarm.must("operator", "inbox_read")).text).toContain("dev-0 is stuck");
  expect(await status()).toBeUndefined();
});

describe("[tools.wait] swarm_wait", () => {
  test("without a cursor answers at once, with one waits for news and gives the next cursor", async () => {
    const now = await swarm.must("operator", "swarm_wait");
    const { cursor } = now.facts as { cursor: number };
    expect(now.facts.news).toContain("queen takes up the plan");
    const waiting = swarm.must("operator", "swarm_wait", { cursor });
    await swarm.must("queen", "plan_submit", PLAN);
    const news = await waiting;
    expect(news.facts.news).toEqual(["plan revision 1 by queen: 2 tasks"]);
    expect(news.facts.cursor).toBeGreaterThan(cursor);
    expect(news.facts.next).toBe("swarm_wait");
  });

  test("what happens soon after the first news goes along with it, and a gate or the end waits for nothing more", async () => {
    const { cursor } = (await swarm.must("operator", "swarm_wait")).facts as { cursor: number };
    const waiting = swarm.must("operator", "swarm_wait", { cursor });
    await swarm.must("queen", "plan_submit", PLAN);
    await swarm.must("queen", "human_ask", { question: "Which format?", fallback: "CSV" });
    const { facts } = await waiting;
    expect(facts.news).toEqual(["plan revision 1 by queen: 2 tasks", expect.stringContaining("Which format?")]);
    expect(facts.gates).toMatchObject([{ gate: "g1" }]);
  });

  test("sleeps through what is no news and answers in time when nothing happens", async () => {
    const { cursor } = (await swarm.must("operator", "swarm_wait")).facts as { cursor: number };
    const { id, run } = swarm.session("queen");
    const waiting = swarm.must("operator", "swarm_wait", { cursor, seconds: 1 });
    await swarm.engine({ type: "record_alive", session: id, run });
    const start = systemClock.monotonic();
    const answer = await waiting;
    expect(answer.facts.news).toEqual([]);
    expect(answer.facts.cursor).toBe(cursor + 1);
    expect(systemClock.monotonic() - start).toBeLessThan(10_000);
  });

  test("answers what it has when the server closes, and at once when the swarm is over", async () => {
    const closing = new AbortController();
    const client = await connect({ kind: "operator" }, swarm.project, closing.signal);
    const { cursor } = (await ask(client, "swarm_wait")).facts as { cursor: number };
    const waiting = ask(client, "swarm_wait", { cursor });
    closing.abort();
    expect((await waiting).facts).toMatchObject({ news: [], cursor });
    await swarm.must("operator", "swarm_stop");
    const over = await swarm.must("operator", "swarm_wait", { swarm: swarm.swarm.id, cursor: 10_000 });
    expect(over.facts).toMatchObject({ status: "stopped", news: [], next: "nothing: no work was merged" });
  });
});

describe("[tools.gate] a question to a person", () => {
  const QUESTION = { question: "Which format?\nCSV has a precedent.", fallback: "CSV", options: ["CSV", "JSON"] };

  test("[gates.context] what one has to know stands beside it, and a gate without it has none", async () => {
    await swarm.must("queen", "human_ask", { ...QUESTION, context: "Two tools\nread it." });
    await swarm.must("queen", "human_ask", { ...QUESTION, question: "And the name?" });
    const { gates } = (await swarm.must("operator", "swarm_status")).facts as { gates: readonly object[] };
    expect(gates[0]).toMatchObject({ gate: "g1", question: "Which format? CSV has a precedent.", context: "Two tools read it." });
    expect(gates[1]).not.toHaveProperty("context");
    const texts = (await openGates(swarm.swarm)).map((gate) => gateText(gate, { paint: (_colour, text) => text }));
    expect(texts[0]).toContain("| CSV has a precedent.\nto know:\n| Two tools\n| read it.\n  1  CSV");
    expect(texts[1]).not.toContain("to know");
  });

  test("opens a gate the operator sees whole and answers; asking again finds the same gate", async () => {
    const asked = await swarm.must("queen", "human_ask", QUESTION);
    expect(asked.facts).toMatchObject({ gate: "g1", status: "open" });
    expect((await swarm.must("queen", "human_ask", QUESTION)).facts).toEqual({ ...asked.facts, repeated: true });
    const status = await swarm.must("operator", "swarm_status");
    expect(status.facts.gates).toEqual([
      {
        gate: "g1",
        question: "Which format? CSV has a precedent.",
        options: ["CSV", "JSON"],
        fallback: "CSV",
        until: expect.any(String),
        asked_by: "queen",
      },
    ]);
    expect(status.facts.next).toBe("gate_answer for g1: only you can");
    const answered = await swarm.must("operator", "gate_answer", { gate: "g1", answer: "JSON" });
    expect(answered.facts).toMatchObject({ gate: "g1", answer: "JSON" });
    expect((await swarm.must("operator", "gate_answer", { gate: "g1", answer: "JSON" })).facts.repeated).toBe(true);
    expect((await swarm.call("operator", "gate_answer", { gate: "g1", answer: "CSV" })).code).toBe("GATE_ANSWERED");
    // The repeat of a question that is answered meanwhile brings the answer along.
    expect((await swarm.must("queen", "human_ask", QUESTION)).facts).toMatchObject({
      gate: "g1",
      status: "answered",
      answer: "JSON",
      repeated: true,
    });
  });

  test("an unknown gate is refused", async () => {
    expect((await swarm.call("operator", "gate_answer", { gate: "g7", answer: "x" })).code).toBe("NOT_FOUND");
  });
});

describe("[tools.agents] spawn_role and stop_role", () => {
  test("bring a role to a number of agents, however often they are called", async () => {
    const first = await swarm.must("operator", "spawn_role", { role: "developer", agents: 3 });
    expect(first.facts).toEqual({ agents: ["dev-0", "dev-1", "dev-2"], added: ["dev-2"] });
    const again = await swarm.must("operator", "spawn_role", { role: "developer", agents: 3 });
    expect(again.facts).toEqual({ agents: ["dev-0", "dev-1", "dev-2"], added: [], repeated: true });
    await swarm.must("queen", "stop_role", { agent: "dev-2" });
    expect((await swarm.must("queen", "stop_role", { agent: "dev-2" })).facts).toEqual({
      agent: "dev-2",
      status: "stopped",
      repeated: true,
    });
    expect((await swarm.must("queen", "spawn_role", { role: "developer", agents: 3 })).facts.added).toEqual(["dev-3"]);
  });

  test("refuse unknown roles, more workers than allowed, and the queen", async () => {
    expect((await swarm.call("operator", "spawn_role", { role: "developper", agents: 3 })).text).toMatch(/^NO_ROLE: .*developer/);
    expect((await swarm.call("operator", "spawn_role", { role: "developer", agents: 40 })).code).toBe("CAP_REACHED");
    expect((await swarm.call("operator", "stop_role", { agent: "queen" })).code).toBe("NOT_ALLOWED");
    expect((await swarm.call("operator", "stop_role", { agent: "dev-9" })).code).toBe("NOT_FOUND");
  });
});

test("[scaling.caps] spawn_role stops at a cap of the project, which the refusal names with its value and what to do", async () => {
  const capped = await TestSwarm.start("Add add().", { ...FILES, ".skep/config.yaml": "scaling: {max: {roles: {developer: 3}}}\n" });
  for (const who of ["operator", "queen"]) {
    const refused = await capped.call(who, "spawn_role", { role: "developer", agents: 5 });
    expect(refused).toMatchObject({ code: "CAP_REACHED" });
    expect(refused.text).toMatch(
      /scaling\.max\.roles\.developer allows 3\. Next: stop_role first, or raise scaling\.max\.roles\.developer/,
    );
  }
  expect((await capped.must("operator", "spawn_role", { role: "developer", agents: 3 })).facts.agents).toHaveLength(3);
});

test("[tools.repeat] pausing, resuming and stopping twice is once", async () => {
  for (const [tool, status] of [
    ["swarm_pause", "paused"],
    ["swarm_resume", "running"],
    ["swarm_stop", "stopped"],
  ] as const) {
    const args = { swarm: swarm.swarm.id };
    const first = await swarm.must("operator", tool, args);
    expect(first.facts).toMatchObject({ swarm: swarm.swarm.id, status });
    expect((await swarm.must("operator", tool, args)).facts).toEqual({ ...first.facts, repeated: true });
  }
});

test("[tools.program-key] a program's key finds its first answer, and nobody else's", async () => {
  const key = { "dev.skep/key": "run-7" };
  await swarm.must("operator", "swarm_pause", {}, key);
  await swarm.must("operator", "swarm_resume");
  // The same key again is the same call: the swarm is not paused a second time.
  const again = await swarm.must("operator", "swarm_pause", {}, key);
  expect(again.facts).toMatchObject({ status: "running", repeated: true });
  await swarm.must("operator", "swarm_pause", {}, { "dev.skep/key": "run-8" });
  expect(swarm.state.status).toBe("paused");
});
