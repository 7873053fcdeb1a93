/** The commands on a live swarm: a goal, its question, its answer, its landing, all by processes of the built program. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { endHosts, hostedRepo, skep, startSkep } from "../cli/support/skep.ts";
import { script } from "../cli/support/swarm.ts";
import { builtMain } from "../support/build.ts";
import { checkoutState } from "../support/repo.ts";
import { until } from "../support/until.ts";

afterEach(endHosts);

/** Asks a person, tries to be that person from its own shell, then does its task. */
const playbook = (main: string): string => `
tasks:
  default:
    default:
      - call: human_ask
        with: &question { question: "Which greeting?", options: [hello, hi], fallback: hello, minutes: 10 }
      - run: [${JSON.stringify(process.execPath)}, ${JSON.stringify(main)}, answer, g1, hello]
        expect: fail
      - run: [${JSON.stringify(process.execPath)}, ${JSON.stringify(main)}, stop]
        expect: fail
      - wait: turn
      - call: human_ask
        with: *question
        capture: { answer: answer }
      - edit: greeting.txt
        content: "\${answer}\\n"
      - call: task_submit
        with: { attempt: "\${attempt}", summary: a greeting, evidence: { each: criteria, give: "greeting.txt:1" } }
reviews:
  default:
    default:
      - call: diff_get
        with: { task: "\${task}" }
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: { each: criteria, give: { n: "\${n}", met: "yes", evidence: "greeting.txt:1" } }
          findings: []
`;

const LIMIT = { timeout: 120_000 };

test(
  "[cli.run][cli.operator] run asks for a person, an agent cannot be that person, answer goes on, land brings it home",
  LIMIT,
  async () => {
    const repo = hostedRepo();
    script(repo, playbook(builtMain()));
    const before = checkoutState(repo);
    const cwd = repo.root;

    const first = await skep(["run", "--solo", "Greet the reader"], { cwd });
    expect(first.code).toBe(3);
    expect(first.stdout).toMatch(/^s-\w+ begins on skep\/s-\w+/);
    expect(first.stdout).toContain("| Which greeting?");
    const id = /^(s-\w+)/.exec(first.stdout)?.[1] ?? "";
    expect(first.stdout).toContain(`Next: skep answer g1 --swarm ${id} "hello", then skep watch ${id}`);

    const waiting = await skep(["run", "--solo", "Greet the reader", "--json"], { cwd });
    expect(waiting.code).toBe(3);
    expect(JSON.parse(waiting.stdout)).toMatchObject({
      version: 1,
      swarm: id,
      status: "running",
      gates: [{ gate: "g1", options: ["hello", "hi"] }],
    });

    // Before its turn ended the agent's own shell tried `answer` and `stop`; both were refused, or the turn had failed.
    const events = async () => JSON.parse((await skep(["logs", "--json"], { cwd })).stdout).events as { type: string; ok?: boolean }[];
    const turn = await until(async () => (await events()).find(({ type }) => type === "turn_ended"), { timeoutMs: 60_000 });
    expect(turn.ok).toBe(true);
    expect(JSON.parse((await skep(["status", "--json"], { cwd })).stdout)).toMatchObject({ status: "running", gates: [{ gate: "g1" }] });

    const following = startSkep(["logs", "--follow"], { cwd });
    const answered = await skep(["answer", "g1", "hi", "--json"], { cwd });
    expect({ ...answered, stdout: JSON.parse(answered.stdout) }).toMatchObject({
      code: 0,
      stdout: { version: 1, gate: "g1", answer: "hi" },
    });
    const followed = await following.ended;
    expect(followed.code).toBe(0);
    expect(followed.stdout).toMatch(/gate g1 answered by operator: hi[\s\S]*t1 merged as[\s\S]*swarm completed/);

    expect(checkoutState(repo)).toEqual(before);
    const watched = await skep(["watch"], { cwd });
    expect(watched.code).toBe(0);
    expect(watched.stdout).toContain(`Next: skep land ${id}`);
    expect(await skep(["land"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${id} is landed: main is now at `)),
    });
    expect(readFileSync(path.join(cwd, "greeting.txt"), "utf8")).toBe("hi\n");
    expect(await skep(["land", id, "--json"], { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining('"repeated": true') });
    expect((await skep(["status"], { cwd })).stdout).toContain("Next: nothing: the work is landed");
  },
);

const STRAIGHT = playbook("")
  .replace(/ {6}- call: human_ask[\s\S]*? {6}- edit/, "      - edit")
  .replace(/\$\{answer\}/, "hello");

test(
  "[cli.run][cli.gc][retention.archive] run --land follows a swarm to its end and says what landed; gc shows and removes what is left, and packs it away",
  LIMIT,
  async () => {
    const repo = hostedRepo();
    script(repo, STRAIGHT);
    const { code, stdout } = await skep(["run", "--solo", "--land", "Greet the reader"], { cwd: repo.root });
    expect(stdout).toMatch(/t1 attempt 1 claimed by dev-0[\s\S]*t1 merged as/);
    const [id] = stdout.split(" ");
    const end = stdout.slice(stdout.indexOf(`${id} completed after`));
    expect(end).toMatch(
      /^s-\w+ completed after \d+\.\d s\n {2}t1 {2}Greet the reader: merged\n {2}work {4}landed on main at \w{12}\n {2}cost {4}\$0\.00, [\d,]+ tokens\n$/,
    );
    expect(code).toBe(0);
    expect(readFileSync(path.join(repo.root, "greeting.txt"), "utf8")).toBe("hello\n");

    const cwd = repo.root;
    const own = (): string[] =>
      repo.git("for-each-ref", "--format=%(refname:short)", "refs/heads/skep", "refs/heads/skep-work").split("\n");
    await until(() => repo.git("worktree", "list").split("\n").length === 1, { timeoutMs: 30_000 });
    const [shown, dry] = [await skep(["gc"], { cwd }), await skep(["gc", "--dry-run", "--yes", "--json"], { cwd })];
    expect(shown.stdout).toMatch(
      new RegExp(
        `^Integration branches\n {2}skep/${id} .*: landed on main\nBranches of attempts\n {2}skep-work/${id}/t1/1 .*"Greet the reader"`,
      ),
    );
    expect(shown.stdout).toMatch(/kept: 1 ref, a recent backup\nNothing was removed. Next: skep gc --yes\n$/);
    expect(JSON.parse(dry.stdout)).toMatchObject({ version: 1, removed: false, remove: [{ kind: "integration" }, { kind: "attempt" }] });
    expect(own()).toEqual([`skep-work/${id}/t1/1`, `skep/${id}`]);
    expect(await skep(["gc", "--yes"], { cwd })).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nRemoved.\n$/) });
    expect(own()).toEqual([""]);
    expect(await skep(["gc"], { cwd })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing to remove.\n/) });

    const logs = await skep(["logs", id ?? "", "--json"], { cwd });
    const old = await skep(["gc", "--older-than", "0"], { cwd });
    expect(old.stdout).toMatch(new RegExp(`Transcripts of sessions\\n {2}${id} {2}\\d+ KiB, ended 0 days ago: old\\n`));
    const report = path.join(repo.commonDir, "skep", "swarms", id ?? "", "report.md");
    const told = readFileSync(report, "utf8");
    const packed = await skep(["gc", "--older-than", "0", "--archive-after", "0", "--yes"], { cwd });
    expect(packed.stdout).toMatch(
      new RegExp(`Swarms to pack into archive/\\n {2}${id} {2}\\d+ KiB, ended 0 days ago: .*\\n(.*\\n)*Removed\\.\\n$`),
    );
    expect(existsSync(path.join(repo.commonDir, "skep", "swarms", id ?? ""))).toBe(false);
    const gone = await skep(["status", id ?? ""], { cwd });
    const [, restore = ""] = /^ARCHIVED: the swarm s-\w+ is packed away\. Next: (tar -xzf .*)\.\n$/.exec(gone.stderr) ?? [];
    execFileSync("sh", ["-c", restore]);
    expect(readFileSync(report, "utf8")).toBe(told);
    expect(await skep(["logs", id ?? "", "--json"], { cwd })).toEqual(logs);
  },
);

const SLOW = `
tasks:
  default:
    default:
      - edit: a.txt
        content: "a\\n"
      - sleepMs: 60000
`;

test("[cli.run-interrupt][cli.steer][cli.send] Ctrl-C leaves the swarm at work; pause, resume, send and stop reach it", LIMIT, async () => {
  const repo = hostedRepo();
  script(repo, SLOW);
  const cwd = repo.root;
  const { child, ended, out } = startSkep(["run", "--solo", "Sleep well"], { cwd });
  await until(() => out().includes("t1 attempt 1 claimed"), { timeoutMs: 30_000 });
  child.kill("SIGINT");
  const left = await ended;
  expect(left.code).toBe(1);
  expect(left.stderr).toMatch(/(s-\w+) goes on without you. Follow it: skep watch \1. End it: skep stop \1\n$/);

  expect(await skep(["send", "dev-0", "Take your time"], { cwd })).toMatchObject({
    code: 0,
    stdout: "dev-0: stored; it is read at the next step\n",
  });
  // It sleeps and takes nothing in: the wait ends by its time and says what it waited for. An interrupt reaches it.
  expect(await skep(["send", "dev-0", "Are you there?", "--wait", "2"], { cwd })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^dev-0: offered to x\d+, \ds ago, not proved yet\n$/),
  });
  expect(
    await skep(["send", "dev-0", "Stop and look", "--urgent", "--wait", "30", "--task", "t1", "--if", "claimed"], { cwd }),
  ).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^dev-0: seen by x\d+, \ds ago: its CLI confirmed it\n$/),
  });
  // Interrupted is not idle: nobody reminds the agent of its job.
  const events = JSON.parse((await skep(["logs", "--json"], { cwd })).stdout).events as { type: string }[];
  expect(events.filter(({ type }) => type === "turn_ended" || type === "turn_owed").map(({ type }) => type)).toEqual(["turn_ended"]);
  expect(await skep(["send", "dev-0", "Too late", "--task", "t1", "--if", "merged"], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^EXPECTATION_FAILED: t1 is claimed, not "merged"/),
  });
  expect(await skep(["send", "dev-0", "In an hour", "--in", "60"], { cwd })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^dev-0: stored, kept until 20\d\d-/),
  });
  expect(await skep(["send", "dev-0", "x", "--if", "claimed"], { cwd })).toMatchObject({ code: 2 });
  expect(await skep(["send", "dev-9", "x"], { cwd })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NO_RECIPIENT: /) });
  expect(await skep(["pause"], { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining("is paused") });
  expect((await skep(["status"], { cwd })).stdout).toContain("Next: skep resume");
  expect(await skep(["resume", "--json"], { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining('"status": "running"') });
  expect(await skep(["land"], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^WRONG_STATUS: .*skep watch, or skep stop first/),
  });
  expect(await skep(["stop", "--why", "it was a test"], { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining("is stopped") });
  expect(await skep(["land"], { cwd })).toMatchObject({ code: 1 });
  expect((await skep(["logs"], { cwd })).stdout).toMatch(/swarm stopped: it was a test\n/);
});
