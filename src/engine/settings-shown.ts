/** The settings a swarm made now would work by, each with where it comes from: what the files of the repository let guess, too. */
import { configOrigins, type Origin } from "../config/origins.ts";
import { CONFIG_FILE } from "../config/schema.ts";
import { guessSetup, guessTestsBecause, type SetupGuess, type TopLevel } from "../config/setup-guess.ts";
import { fileNames, fileText } from "./base-files.ts";
import { readUserConfig } from "./user-config.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** @param at null: outside of a repository. Throws CONFIG_INVALID. */
export async function settingsShown(at: { readonly root: string; readonly base: string } | null, env: Env): Promise<readonly Origin[]> {
  const text = at === null ? null : await fileText(at.root, at.base, CONFIG_FILE);
  const origins = configOrigins({ text, user: readUserConfig(env), env });
  if (at === null) return origins;
  const files = await fileNames(at.root, at.base, "");
  const top: TopLevel = { files, packageJson: await fileText(at.root, at.base, "package.json") };
  const guesses: Readonly<Record<string, readonly SetupGuess[]>> = {
    "worktree.setup": guessSetup(top),
    "checks.commands": guessTestsBecause(top),
  };
  return origins.map((origin) => {
    const guess = guesses[origin.path.join(".")] ?? [];
    if (origin.value !== null || guess.length === 0) return origin;
    const because = [...new Set(guess.map(({ because: file }) => file))].join(", ");
    return { path: origin.path, value: guess.map(({ argv }) => argv), from: "guess", where: because };
  });
}
