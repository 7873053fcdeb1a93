/** `skep uninstall`: takes back what `skep init` and `skep check --install` put in, ends what runs, and keeps everybody's work. */
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import path from "node:path";
import { describeError } from "../base/errors.ts";
import { inline } from "../domain/foreign.ts";
import { type Checkout, findCheckout } from "../git/own-change.ts";
import { requireOperator } from "../mcp/operator.ts";
import { type FileChange, perform } from "./check/file-change.ts";
import { planHooks } from "./check/install.ts";
import { setupChangeText } from "./setup/config-text.ts";
import { leave, liveSwarms, type Running } from "./setup/leave.ts";
import { SetupPlace } from "./setup/record.ts";
import { takeOut } from "./setup/take-out.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";

type Options = Common & { dryRun?: true; yes?: true };

export const run = command<Options>("uninstall", {
  about:
    "Take out of this project what skep init and skep check --install put in, stop its swarms and its host, and remove what they left. What you changed since stays and is named, and so does every branch with work that nothing else holds.",
  options: [["--dry-run", "only show"], ["--yes", "do it without asking"], PROJECT, JSON_OUT],
  examples: ["skep uninstall", "skep uninstall --dry-run", "skep uninstall --yes"],
  async act(_, { project, dryRun = false, yes = false, json }) {
    await requireOperator(null);
    const checkout = await findCheckout(project ?? process.env.SKEP_PROJECT ?? process.cwd());
    const { root, commonDir, gitDir } = checkout;
    const place = new SetupPlace(gitDir);
    const record = place.read();
    const out = takeOut(root, record);
    const hooks = await gitHooks(checkout);
    const changes = [...out.changes, ...hooks.changes];
    const left = [...out.left, ...hooks.left];
    const running = await liveSwarms(root, commonDir);
    const terminal = openTerminal();
    if (!json) for (const line of shown(changes, left, running)) terminal.print(line);
    const agreed = !dryRun && (yes || (!json && (await agrees())));
    const kept = agreed ? await leave(root, commonDir, running) : [];
    let stuck: readonly string[] = [];
    if (agreed) {
      perform(changes);
      stuck = removeFolders(root, record.folders);
      if (out.parts.length + stuck.length > 0) place.write({ ...record, parts: [...out.parts] });
      else place.remove();
    }
    if (json) terminal.print(jsonText({ root, swarms: running, changes, left: [...left, ...stuck], kept, changed: agreed }));
    else {
      for (const line of stuck) terminal.print(leftText(line));
      for (const line of kept) terminal.print(`kept: ${inline(line, 300)}`);
      terminal.note(
        agreed ? "Taken out. Clients that run show skep until they are started again." : "Nothing was changed. Next: skep uninstall --yes",
      );
    }
    return EXIT.ok;
  },
});

/** Git's own hooks are known by the line skep writes into them. */
async function gitHooks(place: Checkout): Promise<{ changes: readonly FileChange[]; left: readonly string[] }> {
  try {
    return { changes: (await planHooks(place, "remove", "git")).changes, left: [] };
  } catch (error) {
    return { changes: [], left: [`git's hooks: ${describeError(error)}`] };
  }
}

/** Those that are empty now. Answers which of them could not be removed, and why. */
function removeFolders(root: string, folders: readonly string[]): readonly string[] {
  const stuck: string[] = [];
  for (const folder of folders.toReversed()) {
    const full = path.join(root, folder);
    try {
      if (existsSync(full) && readdirSync(full).length === 0) rmdirSync(full);
    } catch (error) {
      stuck.push(`${folder}: ${describeError(error)}; it stays`);
    }
  }
  return stuck;
}

const leftText = (line: string): string => `left: ${inline(line, 300)}`;

async function agrees(): Promise<boolean> {
  const terminal = openTerminal();
  if (!terminal.interactive) return false;
  const answer = await terminal.ask("Do all of this? [y/N] ", new AbortController().signal);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

function* shown(changes: readonly FileChange[], left: readonly string[], running: readonly Running[]): Iterable<string> {
  for (const { swarm, title } of running) yield `stop ${swarm}  ${title}`;
  for (const change of changes) yield setupChangeText(change);
  for (const line of left) yield leftText(line);
  if (changes.length + left.length + running.length === 0) yield "Nothing of skep's is in the files of this checkout.";
}
