/** The demo's place: a temporary folder with a small library as a repository, worktrees, and what its scripted agents do. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { randomText } from "../../base/random.ts";
import { readYaml } from "../../base/yaml-source.ts";
import { packageRoot } from "../../catalog/shipped.ts";
import { configFields } from "../../config/fields.ts";
import { git } from "../../git/git.ts";

export interface Stage {
  readonly folder: string;
  readonly repository: string;
  readonly goal: string;
  /** The caller's environment without what would change the demo. */
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

export async function setStage(source: NodeJS.ProcessEnv): Promise<Stage> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "skep-demo-")));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  try {
    return { folder, ...(await furnish(folder)), env: ownEnv(source, folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function furnish(folder: string): Promise<Pick<Stage, "repository" | "goal">> {
  const shipped = path.join(packageRoot(), "templates/demo");
  const text = (name: string): string => readFileSync(path.join(shipped, name), "utf8");
  const repository = path.join(folder, "tally");
  const playbook = path.join(folder, "playbook.json");
  cpSync(path.join(shipped, "repository"), repository, { recursive: true });
  // As JSON, which every agent reads faster.
  const { value } = readYaml(text("playbook.yaml").replaceAll("@SECRET@", madeUpSecret()), {
    file: "playbook.yaml",
    code: "PLAYBOOK_INVALID",
  });
  writeFileSync(playbook, JSON.stringify(value, null, 2));
  const places = {
    PLAYBOOK: playbook,
    AGENTS: path.join(folder, "agents"),
    WORKTREES: path.join(folder, "worktrees"),
    NODE: process.execPath,
  };
  const teams = path.join(repository, ".skep/templates/teams");
  mkdirSync(teams, { recursive: true });
  writeFileSync(path.join(teams, "demo.yaml"), text("team.yaml"));
  writeFileSync(path.join(repository, ".skep/config.yaml"), filled(text("config.yaml"), places));
  await commitAll(repository);
  return { repository, goal: text("goal.md") };
}

/** Paths as YAML reads them back, whatever is in them. */
const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce((left, [name, value]) => left.replaceAll(`"@${name}@"`, () => JSON.stringify(value)), text);

async function commitAll(repository: string): Promise<void> {
  await git(repository, ["init", "--quiet", "--initial-branch=main"]);
  await git(repository, ["config", "user.name", "Demo"]);
  await git(repository, ["config", "user.email", "demo@skep.invalid"]);
  await git(repository, ["add", "--all"]);
  await git(repository, ["commit", "--quiet", "--message", "A small library"]);
}

/** In the form of a real key and of no use to anybody; made anew each time, so that none stands in a file of ours. */
const madeUpSecret = (): string => `${randomText(13)}/${randomText(13).toUpperCase()}+${randomText(12)}`;

function ownEnv(source: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  const settings = new Set([...configFields().flatMap(({ env }) => env ?? []), "SKEP_PROJECT", "CLAUDE_PROJECT_DIR"]);
  const kept = Object.entries(source).filter(([name]) => !settings.has(name));
  return { ...Object.fromEntries(kept), XDG_STATE_HOME: path.join(folder, "state"), XDG_CONFIG_HOME: path.join(folder, "config") };
}
