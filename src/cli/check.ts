/** `skep check`: the checks of a submission on a person's own change, and the hooks that call it in their own sessions. */
import { quote, SkepError } from "../base/errors.ts";
import { runOwnChecks } from "../engine/own-checks.ts";
import { type Checkout, findCheckout, type OwnChange, rangeChange, stagedChange, worktreeChange } from "../git/own-change.ts";
import { treeOf } from "../git/refs.ts";
import { requireOperator } from "../mcp/operator.ts";
import { findingLines, isBlocked } from "./check/findings.ts";
import { HOOKS, runHook } from "./check/hooks.ts";
import { changeText, PLACES, perform, planHooks } from "./check/install.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";

interface Options extends Common {
  readonly staged?: true;
  readonly range?: string;
  readonly worktree?: true;
  readonly files?: string[];
  readonly commands?: true;
  readonly hook?: string;
  readonly install?: string;
  readonly remove?: string;
  readonly dryRun?: true;
}

export const run = command<Options>("check", {
  about:
    "Run a swarm's checks on your own change: secrets, forbidden patterns, dangerous output, size. Config, roles and rules are read from HEAD; your checkout is only looked at. Exit code 1: something has to be mended. --install puts the same checks into git's hooks, or into Claude Code or Codex.",
  args: [["[remote]", "only for a hook: where a push goes"]],
  options: [
    ["--staged", "what is staged (this when nothing else is said)"],
    ["--range <A..B>", "the commits of a range"],
    ["--worktree", "all that differs from HEAD, new files too"],
    ["--files <globs...>", "also refuse changes outside these files"],
    ["--commands", "also run the project's own commands, on the checkout as it stands"],
    ["--install <where>", `${PLACES.join(", ")}: shows what it changes, then does it`],
    ["--remove <where>", "takes it back exactly"],
    ["--dry-run", "with --install or --remove: only show"],
    ["--hook <name>", `what an installed hook calls: ${HOOKS.join(", ")}`],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep check", "skep check --range main..HEAD --json", "skep check --install git --dry-run", "skep check --remove claude"],
  exits: { ok: "nothing blocks", failed: "a finding blocks" },
  async act([remote = null], options) {
    refuseMixed(options);
    if (options.hook !== undefined) return runHook(named(options.hook, HOOKS, "--hook"), remote);
    const place = await findCheckout(folderOf(options));
    if (options.install !== undefined || options.remove !== undefined) return changeHooks(place, options);
    return checkOwn(place, options);
  },
});

const folderOf = ({ project }: Options): string => project ?? process.env.SKEP_PROJECT ?? process.cwd();

function refuseMixed({ staged, range, worktree, hook, install, remove, dryRun }: Options): void {
  const asked = [staged, range, worktree, hook, install, remove].filter((one) => one !== undefined);
  if (asked.length > 1)
    throw new UsageError("one thing at a time: a change to check, a hook to run, install or remove", "skep check --help");
  if (dryRun && install === undefined && remove === undefined) {
    throw new UsageError("--dry-run goes with --install or --remove; a check changes nothing", "skep check --install git --dry-run");
  }
}

function named<T extends string>(word: string, known: readonly T[], option: string): T {
  const found = known.find((one) => one === word);
  if (found) return found;
  throw new UsageError(`${option} takes one of ${known.join(", ")}, not ${quote(word, 40)}`, "skep check --help");
}

async function checkOwn(place: Checkout, { range, worktree, files = [], commands: programs, json }: Options): Promise<number> {
  const terminal = openTerminal();
  const change = await changeOf(place, range, worktree);
  const order = {
    files: files.length > 0 ? files : null,
    programs: programs === true,
    env: process.env,
    signal: new AbortController().signal,
  };
  const results = change === null ? [] : await runOwnChecks(place, { change, ...order });
  const blocked = isBlocked(results);
  if (json) {
    const checks = results.map(({ check, findings, ms }) => ({ check, passed: !findings.some(({ blocks }) => blocks), ms }));
    terminal.print(jsonText({ blocked, ...change, checks, findings: results.flatMap(({ findings }) => findings) }));
  } else {
    for (const line of findingLines(results)) terminal.print(line);
    // Of a range every commit was looked at, and programs ran on the checkout.
    const isAll = programs === true || range !== undefined;
    const nothing = change === null ? "Nothing to check." : isAll ? null : await emptiness(place, change, worktree);
    if (!blocked) terminal.note(nothing ?? `Nothing stands against it (${results.map(({ check }) => check).join(", ")}).`);
  }
  return blocked ? EXIT.failed : EXIT.ok;
}

/** What to say of a change without any; null: there is one. */
async function emptiness({ commonDir }: Checkout, { base, sha }: OwnChange, worktree: true | undefined): Promise<string | null> {
  const [before, after] = await Promise.all([treeOf(commonDir, base), treeOf(commonDir, sha)]);
  if (before !== after) return null;
  return worktree ? "Nothing differs from HEAD." : "Nothing is staged. Next: git add, or skep check --worktree";
}

async function changeOf(place: Checkout, range: string | undefined, worktree: true | undefined): Promise<OwnChange | null> {
  try {
    if (range !== undefined) return await rangeChange(place, range);
    return await (worktree ? worktreeChange(place) : stagedChange(place));
  } catch (error) {
    if (error instanceof SkepError && error.code === "BAD_RANGE") throw new UsageError(error.message, error.next);
    throw error;
  }
}

async function changeHooks(place: Checkout, { install, remove, dryRun, json }: Options): Promise<number> {
  const verb = install === undefined ? "remove" : "install";
  const where = named(install ?? remove ?? "", PLACES, `--${verb}`);
  // An agent that could take the checks away would not need to pass them.
  await requireOperator(null);
  const { changes, note } = await planHooks(place, verb, where);
  if (!dryRun) perform(changes);
  const terminal = openTerminal();
  if (json) terminal.print(jsonText({ where, verb, changed: dryRun !== true, changes, note }));
  else {
    for (const change of changes) terminal.print(changeText(change));
    const done = verb === "install" ? "Installed" : "Removed";
    terminal.note(changes.length === 0 ? `Nothing to ${verb}.` : dryRun ? "Nothing was changed." : `${done}.`);
    if (note !== "" && changes.length > 0) terminal.note(note);
  }
  return EXIT.ok;
}
