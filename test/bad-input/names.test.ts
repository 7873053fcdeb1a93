/** Names nobody would choose, through a whole swarm: of the repository's folder, of its files, in plans, diffs and merges. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { repoAt, userGit, writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { endHost, skep } from "./support/doors.ts";

const OLD = 'src/an "old" `one`.txt';
/** Owned by name. */
const NAMED = ['src/a "quoted" name.txt', "src/`touch meta` $(touch meta).txt", "src/'single' ünïcödé ☃ 漢字.txt", "src/--force", OLD];
/** Owned by their folder: a plan takes no name with a line break or a backslash. */
const FOLDED = ["odd/line\nbreak.txt", "odd/back\\slash.txt", "odd/tab\tand\u007fdelete.txt", "odd/:(exclude)x", "odd/[a-z]*.txt"];

const task = { title: "Write files", brief: "Write them.", criteria: ["they are there"], proof: "check_only", meets: [1] };
const plan = (tasks: readonly object[]) => ({ goal: "files", conditions: ["the files are there"], approach: "two tasks", tasks });
const named = { ...task, id: "t1", files: NAMED };
const folded = { ...task, id: "t2", files: ["odd/"] };

/** What an agent captured, as a playbook names it. */
const taken = (name: string): string => `\${${name}}`;

const work = (files: readonly string[]) => [
  ...files.map((edit) => ({ edit, content: `${edit}\nand a second line\n` })),
  { call: "task_submit", with: { attempt: taken("attempt"), summary: "done", evidence: ["they are there"] } },
];
const review = (evidence: string) => [
  { call: "diff_get", with: { task: taken("task") } },
  {
    call: "task_review_submit",
    with: { task: taken("task"), sha: taken("sha"), criteria: [{ n: 1, met: "yes", evidence }], findings: [] },
  },
];

const PLAYBOOK = {
  queen: [
    // The very plans that must be refused, from a real session.
    { call: "plan_submit", with: plan([{ ...named, files: ["src/line\nbreak.txt"] }]), expect: "BAD_INPUT" },
    { call: "plan_submit", with: plan([{ ...named, files: ["../meta"] }]), expect: "BAD_INPUT" },
    { call: "plan_submit", with: plan([{ ...named, id: "../meta" }]), expect: "BAD_INPUT" },
    {
      call: "plan_submit",
      with: plan([
        { ...named, after: ["t2"] },
        { ...folded, after: ["t1"] },
      ]),
      expect: "PLAN_REFUSED",
    },
    { call: "plan_submit", with: plan([{ ...named, after: ["t1"] }]), expect: "PLAN_REFUSED" },
    { call: "plan_submit", with: plan([named, folded]) },
    { wait: "turn" },
    { call: "swarm_complete", with: { summary: "all is there" } },
  ],
  plan_review: [
    {
      call: "plan_review_submit",
      with: { revision: taken("revision"), plan_hash: taken("plan_hash"), coverage: [{ condition: 1, tasks: ["t1", "t2"] }], findings: [] },
    },
  ],
  tasks: { t1: work(NAMED), t2: work(FOLDED) },
  reviews: {
    t1: review(`${NAMED[0]}:2`),
    // As the diff shows it.
    t2: review(`see ${JSON.stringify(FOLDED[0])}:2`),
  },
};

const roots: string[] = [];
afterEach(async () => {
  for (const root of roots.splice(0)) await endHost(root);
});

test("[bad-input.names] plans in a circle and files outside are refused in a session; the oddest names are planned, worked on, reviewed, merged and landed", async () => {
  const folder = tempDir("names");
  const root = path.join(folder, 'a "folder" `touch meta`\n$(touch meta) ünï ☃');
  const [agents, book] = [path.join(folder, "agents"), path.join(folder, "playbook.json")];
  for (const dir of [root, agents]) mkdirSync(dir);
  writeFileSync(book, JSON.stringify(PLAYBOOK));
  userGit(root, "init", "-q", "-b", "main");
  const scripted = { settings: { playbook: book, state: agents } };
  const config = { worktree: { root: path.join(folder, "worktrees") }, harness: { default: "scripted", adapters: { scripted } } };
  writeFiles(root, { ".skep/config.yaml": JSON.stringify(config), [OLD]: "old\n" });
  userGit(root, "add", "-A");
  userGit(root, "-c", "user.name=U", "-c", "user.email=u@example.test", "commit", "-q", "-m", "start");
  writeFiles(root, { "not\ncommitted `x`.txt": "mine\n" });
  roots.push(root);

  const goal = 'Write "files" with `odd` names\nand $(touch meta) too';
  const ran = await skep({ cwd: root }, "run", goal, "--land");
  expect(ran.code, `${ran.out}\n${ran.err}`).toBe(0);
  // A name reaches the terminal as data, never as a line of its own.
  expect(ran.err).toMatch(/will see it: not committed `x`\.txt$/m);
  expect(ran.out).not.toMatch(/^break\.txt/m);
  for (const name of [...NAMED, ...FOLDED]) expect(readFileSync(path.join(root, name), "utf8")).toBe(`${name}\nand a second line\n`);
  expect(readFileSync(path.join(root, "not\ncommitted `x`.txt"), "utf8")).toBe("mine\n");
  expect(repoAt(root).git("log", "--format=%s", "-2").split("\n")).toEqual(["Write files", "Write files"]);
  for (const place of [root, folder, path.join(root, "src"), process.cwd()]) expect(existsSync(path.join(place, "meta"))).toBe(false);
}, 90_000);
