/** `skep init`: looks around, shows every file it would change, and sets skep up in this project when a person says so. */
import { quote, renderFault, SkepError } from "../base/errors.ts";
import { shellLine } from "../base/shell-line.ts";
import { CONFIG_FILE } from "../config/schema.ts";
import { inline } from "../domain/foreign.ts";
import { type Checkout, findCheckout } from "../git/own-change.ts";
import { requireOperator } from "../mcp/operator.ts";
import { type FileChange, perform } from "./check/file-change.ts";
import { planHooks } from "./check/install.ts";
import { CLIENTS, type ClientId, clientIds, clientsNamed } from "./setup/clients/index.ts";
import { configText, SCHEMA_FILE, schemaText, setupChangeText } from "./setup/config-text.ts";
import { commandsOf, type FoundCli, findClients, findClis, preferred, topLevel } from "./setup/detect.ts";
import { lifecycleHooks } from "./setup/lifecycle.ts";
import { type Plan, Planner } from "./setup/plan.ts";
import { startOf } from "./setup/program.ts";
import { SetupPlace } from "./setup/record.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";

type Options = Common & { client?: string[]; local?: true; hooks?: true; dryRun?: true; yes?: true };

export const run = command<Options>("init", {
  about:
    "Set skep up in this project: find the agent CLIs and MCP clients, write .skep/config.yaml, and put skep's entry into the project's settings of each client. Every change is shown first; other entries and comments stay; skep uninstall takes all of it back.",
  options: [
    ["--client <names>", `only these, found or not, with commas between: ${clientIds.join(", ")}`, "many"],
    ["--local", "entries start the program that runs now, by its path on this machine, instead of npx -y skep"],
    [
      "--hooks",
      "also hooks for your own sessions (Claude Code, Codex: where swarms stand at a start or compaction, mail at a stop) and git's (skep check before a commit or push)",
    ],
    ["--dry-run", "only show"],
    ["--yes", "write without asking"],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep init", "skep init --dry-run", "skep init --client claude,codex --yes"],
  async act(_, { project, client, local = false, hooks = false, dryRun = false, yes = false, json }) {
    // What an agent writes into settings starts programs in its user's name.
    await requireOperator(null);
    const named = client === undefined ? null : clientsNamed(client);
    const checkout = await findCheckout(project ?? process.env.SKEP_PROJECT ?? process.cwd());
    const { root, gitDir } = checkout;
    const clients = named ?? findClients(root, process.env);
    const clis = await findClis(process.env);
    const top = topLevel(root);
    const place = new SetupPlace(gitDir);
    const planner = new Planner(root, place.read());
    if (planner.file({ file: CONFIG_FILE, text: configText({ top, harness: preferred(clis) }) }))
      planner.file({ file: SCHEMA_FILE, text: schemaText() });
    const start = startOf(local);
    const set = clients.filter((id) => {
      const { path, entry, ...rest } = CLIENTS[id];
      const isSet = planner.entry({ ...rest, path, value: entry([...start, "mcp"]) });
      if (hooks) for (const hook of lifecycleHooks(id, start)) planner.entry(hook);
      return isSet;
    });
    const plan = withGitHooks(planner.plan(), hooks ? await gitHooks(checkout) : NO_HOOKS);
    const terminal = openTerminal();
    if (!json) for (const line of shown({ root, clis, clients, commands: commandsOf(top), plan })) terminal.print(line);
    const agreed = plan.changes.length > 0 && !dryRun && (yes || (!json && (await agrees(plan.changes.length))));
    if (agreed) write(plan, place);
    if (json) {
      const facts = {
        root,
        clis,
        clients,
        commands: commandsOf(top),
        changes: plan.changes,
        kept: plan.kept,
        refused: plan.refused.map(faultOf),
        backups: place.backups,
      };
      terminal.print(jsonText({ ...facts, changed: agreed }));
    } else for (const line of ending(agreed, set, plan, place)) terminal.note(line);
    return plan.refused.length > 0 ? EXIT.failed : EXIT.ok;
  },
});

interface GitHooks {
  readonly changes: readonly FileChange[];
  readonly kept: readonly string[];
}
const NO_HOOKS: GitHooks = { changes: [], kept: [] };

/** What `skep check --install git` does; a hook that cannot be taken back exactly is left, and the rest goes on. */
async function gitHooks(checkout: Checkout): Promise<GitHooks> {
  try {
    return { changes: (await planHooks(checkout, "install", "git")).changes, kept: [] };
  } catch (error) {
    if (!(error instanceof SkepError)) throw error;
    return { changes: [], kept: [`git's hooks: ${error.message}. To have them: ${error.next}`] };
  }
}

const withGitHooks = (plan: Plan, { changes, kept }: GitHooks): Plan => ({
  ...plan,
  changes: [...plan.changes, ...changes],
  kept: [...plan.kept, ...kept],
});

/** The record first: what it names and was not written in the end is known by its absence. */
function write({ record, backups, changes }: Plan, place: SetupPlace): void {
  for (const { file, text } of backups) place.backUp(file, text);
  place.write(record);
  perform(changes);
}

async function agrees(files: number): Promise<boolean> {
  const terminal = openTerminal();
  if (!terminal.interactive) return false;
  const answer = await terminal.ask(`Write ${files === 1 ? "this file" : `these ${files} files`}? [y/N] `, new AbortController().signal);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

interface Seen {
  readonly root: string;
  readonly clis: readonly FoundCli[];
  readonly clients: readonly ClientId[];
  readonly commands: ReturnType<typeof commandsOf>;
  readonly plan: Plan;
}

function* shown({ root, clis, clients, commands, plan }: Seen): Iterable<string> {
  yield `project  ${quote(root, 200)}`;
  for (const { id, says } of clis) yield `${id.padEnd(8)} ${inline(says, 400)}`;
  const titles = clients.map((id) => CLIENTS[id].title);
  yield `clients  ${titles.length === 0 ? "none found; name one with --client" : titles.join(", ")}`;
  for (const [what, argvs] of Object.entries(commands)) yield `${what.padEnd(8)} ${argvs.map(shellLine).join("; ") || "none found"}`;
  yield "";
  for (const change of plan.changes) yield setupChangeText(change);
  for (const line of plan.kept) yield `kept: ${inline(line, 300)}`;
  for (const error of plan.refused) yield `refused: ${renderFault(faultOf(error))}`;
}

const faultOf = ({ code, message, next, retryable }: SkepError) => ({ code, message, next, retryable });

/** @param set the clients that have their entry now. */
function* ending(agreed: boolean, set: readonly ClientId[], plan: Plan, place: SetupPlace): Iterable<string> {
  const { changes, backups, refused } = plan;
  if (changes.length === 0) yield refused.length > 0 ? "Nothing was written." : "Nothing to write: all of it is there.";
  else if (!agreed) yield "Nothing was written. Next: skep init --yes";
  else {
    yield `Written${refused.length > 0 ? ", but for what was refused" : ""}. skep uninstall takes all of it back.`;
    if (backups.length > 0) yield `Files as they were before: ${quote(place.backups, 300)}`;
    for (const id of set) yield `${CLIENTS[id].title}: ${CLIENTS[id].next}.`;
    yield `Next: commit ${CONFIG_FILE}, so that swarms see it; skep doctor looks at the rest.`;
  }
}
