/** How a goal becomes a swarm in a real repository, and what a swarm keeps of the commit it started from. */
import { appendFileSync, existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { SwarmId, TaskId } from "../../src/base/ids.ts";
import type { TaskText } from "../../src/domain/model.ts";
import type { CreateOrder } from "../../src/engine/api.ts";
import { moreSeats, settingsOf } from "../../src/engine/settings.ts";
import { claude } from "../../src/harness/claude.ts";
import { HARNESSES } from "./support/harnesses.ts";
import { commitAll, projectAt, repository, runGit, write } from "./support/repository.ts";

const order = (goal: string, more: Partial<CreateOrder> = {}): CreateOrder => ({ goal, team: null, flags: {}, ...more });
const T1 = "t1" as TaskId;

test("[engine.create.pinned] a swarm works by the config and roles of its base commit, whatever is edited afterwards", async () => {
  const root = repository({
    "package.json": JSON.stringify({ scripts: { test: "node --test" } }),
    "package-lock.json": "{}",
    ".skep/config.yaml": "limits:\n  attempts: 2\nbudgets: {swarm: {usd: 7}}\nharness:\n  default: scripted\n",
  });
  const base = runGit(root, "rev-parse", "HEAD");
  const project = await projectAt(root);
  const { handle } = await project.create(order("Add a parser"));
  commitAll(root, { ".skep/config.yaml": "limits:\n  attempts: 4\n" });
  const other = await (await projectAt(root)).open(handle.id);
  const settings = await settingsOf(other);
  expect(settings.config).toMatchObject({ limits: { attempts: 2 }, budgets: { swarm: { usd: 7 } } });
  expect(settings.setup).toEqual([{ argv: ["npm", "ci"], because: "package-lock.json" }]);
  expect(settings.checks).toMatchObject([{ name: "tests", argv: ["npm", "test"] }]);
  expect(settings.roles.developer?.prompt).toContain("task_submit");
  const seen = await other.look((state) => ({
    status: state.status,
    base: state.base,
    target: state.target,
    branch: state.branch,
    attempts: state.limits.attempts,
    seats: [...state.seats.values()].map(({ seat, duty, harness, provider }) => [seat, duty, harness, provider]),
  }));
  expect(seen).toEqual({
    status: "opening",
    base,
    target: "main",
    branch: `skep/${handle.id}`,
    attempts: 2,
    seats: [
      ["queen", "queen", "scripted", "none"],
      ["reviewer", "reviewer", "scripted", "none"],
      ["dev-0", "worker", "scripted", "none"],
      ["dev-1", "worker", "scripted", "none"],
    ],
  });
  const more = moreSeats(settings, HARNESSES, "developer", 2, ["dev-0", "dev-1"]);
  expect(more.map(({ seat }) => seat)).toEqual(["dev-2", "dev-3"]);
});

test("[engine.create.repeated] the same goal again is the swarm that works on it, until that is over", async () => {
  const root = repository();
  const [one, two] = [await projectAt(root), await projectAt(root)];
  const [first, second] = await Promise.all([one.create(order("Add a parser")), two.create(order("  Add a parser\n"))]);
  expect(second.handle.id).toBe(first.handle.id);
  expect([first.repeated, second.repeated].sort()).toEqual([false, true]);
  expect((await one.create(order("Add a parser", { team: "solo" }))).repeated).toBe(false);
  const own = await one.create(order("Add a lexer", { key: "call-1" }));
  await first.handle.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  await own.handle.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  const anew = await two.create(order("Add a parser"));
  expect(anew).toMatchObject({ repeated: false });
  expect(anew.handle.id).not.toBe(first.handle.id);
  expect((await two.create(order("whatever", { key: "call-1" }))).handle.id).toBe(own.handle.id);
});

test("[engine.create.dirty] a swarm starts from the commit and names the files it does not see, and the checkout stays as it is", async () => {
  const root = repository({ "README.md": "# A\n", "src/a.js": "1\n" });
  write(root, { "src/a.js": "2\n", "notes ümlaut.txt": "n\n" });
  runGit(root, "add", "src/a.js");
  const before = runGit(root, "status", "--porcelain=v2", "--branch");
  const { unseen, handle } = await (await projectAt(root)).create(order("Add a parser"));
  expect(unseen).toEqual(["src/a.js", "notes ümlaut.txt"]);
  expect(await handle.look((state) => state.base)).toBe(runGit(root, "rev-parse", "HEAD"));
  expect(runGit(root, "status", "--porcelain=v2", "--branch")).toBe(before);
});

test("[engine.create.solo] without a queen the goal is one approved task, and its list items are the criteria", async () => {
  const project = await projectAt(repository());
  const goal = "# Parse dates\n\n- 2026-01-31 is read as a date\n- an impossible date is an error\n";
  const { handle } = await project.create(order(goal, { team: "solo" }));
  const task = await handle.look((state) => {
    const { status, files, criteria, title, proof, role } = state.tasks.get(T1) ?? {};
    return { status, files, criteria, title, proof, role, plan: state.plan.status };
  });
  const facts = { status: "open", files: ["**"], criteria: 2, title: "Parse dates", proof: "review_only", role: "developer" };
  expect(task).toEqual({ ...facts, plan: "approved" });
  const text = JSON.parse(await handle.read(await handle.look((state) => state.tasks.get(T1)?.text ?? ""))) as TaskText;
  expect(text.criteria).toEqual(["2026-01-31 is read as a date", "an impossible date is an error"]);
  expect(text.brief).toContain("# Parse dates");
});

const REFUSED: readonly (readonly [string, Partial<CreateOrder>, string, string])[] = [
  ["an empty goal", { goal: " \n" }, "NO_GOAL", "a goal"],
  ["a goal over 64 KiB", { goal: "x".repeat(65_537) }, "TOO_LARGE", "commit the long text"],
  ["a team that does not exist", { team: "minimla" }, "NO_TEAM", "minimal"],
  ["a harness that does not exist", { flags: { "harness.default": "claud" } }, "NO_HARNESS", "claude"],
  ["a flag that does not exist", { flags: { "limits.attemps": "3" } }, "CONFIG_INVALID", "correct the option"],
];
test.each(REFUSED)("[engine.create.refused] %s is refused with the next step, and leaves no swarm", async (_what, more, code, next) => {
  const project = await projectAt(repository());
  const refused = project.create({ ...order("Add a parser"), ...more });
  await expect(refused).rejects.toMatchObject({ code, next: expect.stringContaining(next) });
  expect(await project.swarms()).toEqual([]);
});

test("[engine.create.large-goal] a goal of many pages is kept whole beside the log", async () => {
  const project = await projectAt(repository());
  const goal = `Rewrite the manual\n${"word ".repeat(12_000)}end`;
  const { handle } = await project.create(order(goal));
  const kept = await handle.look((state) => state.goal);
  expect(kept).toMatchObject({ bytes: goal.length });
  expect(await handle.read(kept)).toBe(goal);
});

test("[engine.project.damaged] a damaged swarm says so and does not stand in the way of another", async () => {
  const root = repository();
  const project = await projectAt(root);
  const { handle } = await project.create(order("Add a parser"));
  const log = path.join(project.home, "swarms", handle.id, "events.jsonl");
  appendFileSync(log, `${JSON.stringify({ v: 99, seq: 2 })}\n`);
  const later = await projectAt(root);
  await expect(later.open(handle.id)).rejects.toMatchObject({ code: "LOG_NEWER" });
  expect((await later.create(order("Add a lexer"))).repeated).toBe(false);
  await expect(project.open("s-none" as SwarmId)).rejects.toMatchObject({ code: "NO_SWARM" });
});

test("[engine.project.place] state lies in the common git folder, also when skep starts in a subfolder or another worktree", async () => {
  const root = repository({ "src/a.js": "1\n" });
  const linked = `${root}-linked`;
  runGit(root, "worktree", "add", "--quiet", "--detach", linked);
  const homes = await Promise.all([root, path.join(root, "src"), linked].map(async (cwd) => (await projectAt(root, { cwd })).home));
  runGit(root, "worktree", "remove", linked);
  expect(homes).toEqual([1, 2, 3].map(() => path.join(root, ".git", "skep")));
});

test("[engine.create.missing-harness] a swarm whose agent CLI is not installed is refused at once, with what to install", async () => {
  const root = repository();
  const project = await projectAt(root, { harnesses: new Map([["claude", claude]]), env: { PATH: path.join(root, "no-programs") } });
  await expect(project.create(order("Add a parser"))).rejects.toMatchObject({
    code: "HARNESS_MISSING",
    next: expect.stringContaining("install"),
  });
  expect(await project.swarms()).toEqual([]);
});

test("[engine.create.full] the preset full needs its own word in the config, and the roles that have it are on record", async () => {
  const config = (more: string) => ({
    ".skep/config.yaml": `harness:\n  default: scripted\n${more}  roles: {developer: {preset: full}}\n`,
  });
  const root = repository(config(""));
  const project = await projectAt(root);
  await expect(project.create(order("Add a parser"))).rejects.toMatchObject({
    ...{ code: "FULL_NOT_ALLOWED", message: expect.stringContaining("developer"), next: expect.stringContaining("harness.allowFull") },
  });
  expect(await project.swarms()).toEqual([]);
  commitAll(root, config("  allowFull: true\n"));
  const { handle } = await project.create(order("Add a parser"));
  const [created] = (await handle.events(0)).flatMap(({ events }) => events);
  expect(created).toMatchObject({ type: "swarm_created", full: ["developer"] });
});

test.each([
  ["the harness a team names for a seat", "claude", ""],
  ["a harness a seat may turn to", "scripted", "fallback: [claude], "],
])("[engine.create.full-routes] the preset full of %s needs that word as well", async (_, harness, fallback) => {
  const config = (more: string) => ({
    ".skep/templates/teams/one.yaml": `id: one\ntitle: One\nsolo: true\nseats: [{role: reviewer}, {role: developer, harness: ${harness}}]\n`,
    ".skep/config.yaml": `team: one\nharness: {default: scripted, ${fallback}${more}adapters: {claude: {preset: full}}}\n`,
  });
  const root = repository(config(""));
  await expect((await projectAt(root)).create(order("Add a parser"))).rejects.toMatchObject({ code: "FULL_NOT_ALLOWED" });
  commitAll(root, config("allowFull: true, "));
  const { handle } = await (await projectAt(root)).create(order("Add a parser"));
  const [created] = (await handle.events(0)).flatMap(({ events }) => events);
  expect(created).toMatchObject({ type: "swarm_created", full: expect.arrayContaining(["developer"]) });
});

test("[engine.create.crowd] a team larger than the budget of agents is refused at once", async () => {
  const root = repository({ ".skep/config.yaml": "harness: {default: scripted}\nbudgets: {swarm: {agents: 3}}\n" });
  const project = await projectAt(root);
  await expect(project.create(order("Add a parser"))).rejects.toMatchObject({
    ...{ code: "CAP_REACHED", message: expect.stringContaining("has 4 agents, the budget allows 3") },
  });
  expect(await project.swarms()).toEqual([]);
});

test("[engine.create.fallback] a role's other harnesses are seats' routes, and one that is not there is refused at once", async () => {
  const root = repository({
    ".skep/config.yaml": "harness: {default: scripted, roles: {developer: {fallback: [claude], session: kept}}}\n",
  });
  const { handle } = await (await projectAt(root)).create(order("Add a parser"));
  const seats = await handle.look((state) => [...state.seats.values()].map(({ seat, fallbacks, keeps }) => ({ seat, fallbacks, keeps })));
  expect(seats.find(({ seat }) => seat === "dev-0")).toEqual({
    ...{ seat: "dev-0", fallbacks: [{ harness: "claude", provider: "anthropic", model: null }], keeps: true },
  });
  expect(seats.find(({ seat }) => seat === "queen")).toEqual({ seat: "queen" });
  const other = repository({ ".skep/config.yaml": "harness: {default: scripted, fallback: [clude]}\n" });
  await expect((await projectAt(other)).create(order("Add a parser"))).rejects.toMatchObject({ code: "NO_HARNESS" });
});

test("[continuation.solo] a swarm without a queen has what the one before it left in the brief of its task", async () => {
  const project = await projectAt(repository());
  const { handle: old } = await project.create(order("Add a parser"));
  await old.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  const made = await project.create(order("Add the parser now", { team: "solo", continueFrom: old.id }));
  expect(made).toMatchObject({ repeated: false });
  expect(made).not.toHaveProperty("missing");
  const kept = await made.handle.look((state) => state.tasks.get(T1)?.text ?? "");
  const { brief } = JSON.parse(await made.handle.read(kept)) as TaskText;
  expect(brief).toBe(
    `Add the parser now\n\nSwarm ${old.id} worked on this before you and ended: stopped. Its goal:\n| Add a parser\nIt ended with these words:\n| enough\nIt merged nothing.`,
  );
  expect((await project.create(order("Add the parser now", { team: "solo" }))).repeated).toBe(false);
});

test("[continuation.refused] a swarm that runs or is not there is not gone on from, and nothing is left behind", async () => {
  const project = await projectAt(repository());
  const { handle } = await project.create(order("Add a parser"));
  const running = project.create(order("Go on", { continueFrom: handle.id }));
  await expect(running).rejects.toMatchObject({ code: "WRONG_STATUS", next: expect.stringContaining("swarm_stop") });
  await expect(project.create(order("Go on", { continueFrom: "s-none" as SwarmId }))).rejects.toMatchObject({ code: "NO_SWARM" });
  expect(await project.swarms()).toEqual([handle.id]);
});

test("[engine.host.self] the host asks nobody whether there is a host, and starts none", async () => {
  const host = await projectAt(repository(), { watch: true, startHost: true, program: ["/nowhere/skep"] });
  expect(await host.wantHost(0)).toBe(true);
  expect(await host.hostFacts()).toMatchObject({ state: "up", why: null });
  expect(existsSync(path.join(host.home, "host"))).toBe(false);
});
