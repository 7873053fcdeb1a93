/** Arguments of the command line that are ids or places, by the help of the built commands: a new one has to be tried or named here. */

import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { COMMANDS } from "../../src/cli/index.ts";
import { land } from "../../src/git/land/index.ts";
import { CLI_IDS } from "../bad-input/support/cli-ids.ts";
import { makeKit, SWARM } from "../git/kit.ts";

/** What is no id and no place: words that are kept as data, numbers, names out of a list. */
const NO_IDS: Readonly<Record<string, string>> = {
  "answer <answer>": "kept as data",
  "check <remote>": "git's own words to its hook",
  "check --files": "one of a list",
  "check --hook": "one of a list",
  "check --install": "one of a list",
  "check --range": "a revision; git reads it behind --end-of-options",
  "check --remove": "one of a list",
  "completion <shell>": "one of a list",
  "config <action>": "one of a list",
  "demo --seconds": "a number",
  "events --from": "a number",
  "gc --archive-after": "a number",
  "gc --older-than": "a number",
  "init --client": "one of a list",
  "report --out": "a file of yours to write",
  "land --strategy": "one of a list",
  "mcp <folder>": "a word of its help",
  "mcp --toolset": "one of a list",
  "pipeline <action>": "one of a list",
  "pipeline <goal>": "kept as data",
  "pipeline --set": "a field of the pipeline, read by its type",
  "pipeline --var": "a variable of the pipeline, read by its type",
  "review-audit --count": "a number",
  "review-audit --harness": "read as that of run, after there was something to audit",
  "review-audit --seed": "a number",
  "review-audit --team": "read as that of run, after there was something to audit",
  "run <goal>": "kept as data",
  "run --automation": "one of a list",
  "run --set": "a field of the pipeline, read by its type",
  "run --var": "a variable of the pipeline, read by its type",
  "send <text>": "kept as data",
  "send --at": "a time",
  "send --if": "compared with a task",
  "send --in": "a number",
  "stop --why": "kept as data",
  "undo --why": "kept as data",
};
/** One option of all commands, read by one function; tried with two of them. */
const PROJECT = / --project$/;

async function helpOf(load: (typeof COMMANDS)[number]["load"]): Promise<string> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  try {
    await (await load()).run(["--help"]);
  } finally {
    spy.mockRestore();
  }
  return said.join("");
}

test("[security.arguments.cli] every argument and option with a value is tried with a climbing word, or is named as no id", async () => {
  const found: string[] = [];
  for (const { name, load, hidden } of COMMANDS) {
    if (hidden) continue;
    const help = await helpOf(load);
    const usage = /Usage: skep \w+(.*)/.exec(help)?.[1]?.replace("[options]", "") ?? "";
    found.push(...[...usage.matchAll(/[<[]([\w-]+)(?:\.\.\.)?[>\]]/g)].map(([, argument]) => `${name} <${argument}>`));
    found.push(...[...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+) <[^>]+>/gm)].map(([, option]) => `${name} ${option}`));
  }
  expect(found.length).toBeGreaterThan(40);
  const tried = CLI_IDS.flatMap(([what]) => what);
  expect(found.filter((one) => !PROJECT.test(one) && !tried.includes(one) && !Object.hasOwn(NO_IDS, one))).toEqual([]);
  expect([...tried, ...Object.keys(NO_IDS)].filter((one) => !found.includes(one))).toEqual([]);
});

test("[security.arguments.remote] a remote whose name git would read as an option is never given to it", async () => {
  const kit = await makeKit();
  const seat = await kit.seat("dev-0");
  await seat.open("t1", 1, kit.base);
  seat.write({ "src/new.txt": "new\n" });
  const merged = await seat.merge("t1", 1, await seat.sha("t1", 1, kit.base), kit.base);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  const evil = `--receive-pack=touch ${path.join(kit.folder, "meta")};git-receive-pack`;
  kit.repo.git("config", `remote.${evil}.url`, kit.folder);
  kit.repo.git("config", "branch.main.remote", evil);
  const order = { swarm: SWARM, title: "t", target: "main", tip: merged.sha, tasks: [], strategy: "pull-request", remote: null } as const;
  for (const remote of [null, evil]) await expect(land(kit.repo, { ...order, remote })).rejects.toMatchObject({ code: "LAND_NO_REMOTE" });
  expect(existsSync(path.join(kit.folder, "meta"))).toBe(false);
});
