/** `skep config show`: every setting as it holds now, and where it comes from. */
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { From, Origin } from "../config/origins.ts";
import { CONFIG_FILE } from "../config/schema.ts";
import { shownValue } from "../config/shown.ts";
import { inline, visible } from "../domain/foreign.ts";
import { settingsShown } from "../engine/settings-shown.ts";
import { dirtyFiles, findProject, type Project } from "../git/project.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";

type Options = Common & { origin?: true };

const SHOW = "show";
const MOST = 2_000;
/** Beside an origin: wider values do not push those of all others out of sight, and long ones not their own. */
const WIDEST = 40;
const LONGEST = 100;

export const run = command<Options>("config", {
  about:
    "Show every setting with its value, as a swarm that starts now would have it: from the defaults, your own config, the project's config in the commit that is checked out, and variables. What may be a secret is not shown.",
  args: [["<action>", SHOW]],
  options: [["--origin", "with where each value comes from"], PROJECT, JSON_OUT],
  examples: ["skep config show", "skep config show --origin", "skep config show --json"],
  async act([action = ""], { project: explicit, origin = false, json }) {
    if (action !== SHOW) {
      const meant = nearest(action, [SHOW]) ? "; did you mean show?" : "";
      throw new UsageError(`${quote(action, 40)} is not ${SHOW}${meant}`, "skep config show");
    }
    const project = await projectOrNone(explicit);
    const settings = await settingsShown(project && { root: project.root, base: project.head }, process.env);
    const terminal = openTerminal();
    const uncommitted = project !== null && (await dirtyFiles(project.root, true)).includes(CONFIG_FILE);
    if (json) {
      const facts = settings.map((one) => ({ name: one.path.join("."), value: shownValue(one), from: one.from, where: one.where }));
      terminal.print(jsonText({ root: project?.root ?? null, commit: project?.head ?? null, uncommitted, settings: facts }));
      return EXIT.ok;
    }
    for (const line of origin ? withOrigin(settings) : plain(settings)) terminal.print(line);
    if (project === null) terminal.note("No repository here: these hold where a project sets nothing.");
    if (uncommitted) terminal.note(`${CONFIG_FILE} in your checkout has changes that are not committed, and no swarm sees them.`);
    return EXIT.ok;
  },
});

/** Where none was named, being outside of a repository is no mistake. */
async function projectOrNone(explicit: string | undefined): Promise<Project | null> {
  const { env } = process;
  try {
    return await findProject({ explicit, env, cwd: process.cwd() });
  } catch (error) {
    if (explicit ?? env.SKEP_PROJECT ?? !(error instanceof SkepError && error.code === "NO_PROJECT")) throw error;
    return null;
  }
}

const nameOf = ({ path }: Origin): string => visible(path.join("."));
const valueText = (setting: Origin, max: number): string => inline(JSON.stringify(shownValue(setting)), max);

function plain(settings: readonly Origin[], most = MOST): readonly string[] {
  const width = Math.max(...settings.map((one) => nameOf(one).length));
  return settings.map((one) => `${nameOf(one).padEnd(width)}  ${valueText(one, most)}`);
}

const WORDS: Readonly<Record<From, string>> = {
  default: "default",
  user: "your own config",
  project: "project",
  environment: "environment",
  option: "option",
  guess: "guessed from",
};

function withOrigin(settings: readonly Origin[]): readonly string[] {
  const lines = plain(settings, LONGEST);
  const width = Math.max(...settings.map((one) => nameOf(one).length)) + 2 + WIDEST;
  return settings.map(
    ({ from, where }, n) => `${(lines[n] ?? "").padEnd(width)}  ${WORDS[from]}${where === null ? "" : ` ${visible(where)}`}`,
  );
}
