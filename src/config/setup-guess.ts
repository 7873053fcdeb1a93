/**
 * What a repository probably needs before work and for its tests, from the names of its top-level files and the text
 * of its package.json alone. A guess is shown to the user by `init` and written down; it never runs in silence.
 */

export interface TopLevel {
  /** Names of files at the repository's root, at the base commit. */
  readonly files: readonly string[];
  /** Text of package.json, null when there is none. */
  readonly packageJson: string | null;
}
export type Argv = readonly [string, ...string[]];
export interface SetupGuess {
  readonly argv: Argv;
  /** The file it was guessed from; its hash decides whether a worktree must be set up again. */
  readonly because: string;
}

type Kind = "node" | "python" | "go" | "rust" | "ruby" | "php";
interface Recipe extends SetupGuess {
  readonly kind: Kind;
  readonly test: Argv | null;
}

/**
 * In order of trust within a kind; one per kind is taken. Installs run scripts: a worktree whose native parts are not
 * built fails the tests for a reason that is not the agent's. Frozen everywhere: no setup may change a lock file.
 */
const RECIPES: readonly Recipe[] = [
  { kind: "node", because: "pnpm-lock.yaml", argv: ["pnpm", "install", "--frozen-lockfile"], test: ["pnpm", "test"] },
  { kind: "node", because: "yarn.lock", argv: ["yarn", "install", "--immutable"], test: ["yarn", "test"] },
  { kind: "node", because: "bun.lock", argv: ["bun", "install", "--frozen-lockfile"], test: ["bun", "run", "test"] },
  { kind: "node", because: "bun.lockb", argv: ["bun", "install", "--frozen-lockfile"], test: ["bun", "run", "test"] },
  { kind: "node", because: "package-lock.json", argv: ["npm", "ci"], test: ["npm", "test"] },
  { kind: "node", because: "npm-shrinkwrap.json", argv: ["npm", "ci"], test: ["npm", "test"] },
  { kind: "python", because: "uv.lock", argv: ["uv", "sync", "--frozen"], test: ["uv", "run", "pytest"] },
  { kind: "python", because: "poetry.lock", argv: ["poetry", "install", "--no-interaction"], test: ["poetry", "run", "pytest"] },
  { kind: "go", because: "go.sum", argv: ["go", "mod", "download"], test: ["go", "test", "./..."] },
  { kind: "rust", because: "Cargo.lock", argv: ["cargo", "fetch", "--locked"], test: ["cargo", "test"] },
  { kind: "ruby", because: "Gemfile.lock", argv: ["bundle", "install"], test: null },
  { kind: "php", because: "composer.lock", argv: ["composer", "install", "--no-interaction"], test: null },
];

/** Test commands that need no lock file to be known. */
const TESTS_BY_FILE: readonly (readonly [file: string, kind: Kind, test: Argv])[] = [
  ["go.mod", "go", ["go", "test", "./..."]],
  ["Cargo.toml", "rust", ["cargo", "test"]],
  ["pytest.ini", "python", ["pytest"]],
];
const BUILDS_BY_FILE: readonly (readonly [file: string, build: Argv])[] = [
  ["go.mod", ["go", "build", "./..."]],
  ["Cargo.toml", ["cargo", "build"]],
];
const PYTEST_FILES: ReadonlySet<string> = new Set(["pytest.ini", "conftest.py", "tox.ini"]);
/** What `npm init` writes; it always fails. */
const NO_TESTS = /no test specified/;

/** The commands that prepare a fresh worktree, one per language found; empty when nothing is known. */
export function guessSetup(top: TopLevel): readonly SetupGuess[] {
  return recipesOf(top).map(({ argv, because }) => ({ argv, because }));
}

/** The commands that run the tests, one per language that shows it has some. */
export const guessTests = (top: TopLevel): readonly Argv[] => guessTestsBecause(top).map(({ argv }) => argv);

/** The same, with the file that shows it. */
export function guessTestsBecause(top: TopLevel): readonly SetupGuess[] {
  const files = new Set(top.files);
  const tests = new Map<Kind, SetupGuess>();
  if (typeof scripts(top).test === "string" && !NO_TESTS.test(String(scripts(top).test)))
    tests.set("node", { argv: ["npm", "test"], because: "package.json" });
  for (const [file, kind, argv] of TESTS_BY_FILE) if (files.has(file)) tests.set(kind, { argv, because: file });
  const pytest = [...PYTEST_FILES].find((file) => files.has(file));
  for (const { kind, test, because } of recipesOf(top)) {
    const shownBy = kind === "node" ? tests.get("node")?.because : kind === "python" ? pytest : because;
    if (test && shownBy !== undefined) tests.set(kind, { argv: test, because: shownBy });
  }
  return [...tests.values()];
}

/** Build commands, one per language, where a name or a tool that always can says so. A package's own script is run by its manager. */
export function guessBuilds(top: TopLevel): readonly Argv[] {
  const files = new Set(top.files);
  const manager = recipesOf(top).find(({ kind }) => kind === "node")?.argv[0] ?? "npm";
  const builds: Argv[] = typeof scripts(top).build === "string" ? [[manager, "run", "build"]] : [];
  for (const [file, build] of BUILDS_BY_FILE) if (files.has(file)) builds.push(build);
  return builds;
}

function recipesOf(top: TopLevel): readonly Recipe[] {
  const files = new Set(top.files);
  const manager = packageManager(top);
  const present = RECIPES.filter((recipe) => files.has(recipe.because));
  const named = present.filter((recipe) => recipe.argv[0] === manager.name);
  const chosen = new Map<Kind, Recipe>();
  for (const recipe of [...named, ...present]) if (!chosen.has(recipe.kind)) chosen.set(recipe.kind, recipe);
  return [...chosen.values()].map((recipe) => (recipe.argv[0] === "yarn" && manager.classicYarn ? classicYarn(recipe) : recipe));
}

const classicYarn = (recipe: Recipe): Recipe => ({ ...recipe, argv: ["yarn", "install", "--frozen-lockfile"] });

/** package.json's `packageManager` decides between lock files; Yarn 1 has other flags than its successors. */
function packageManager(top: TopLevel): { name: string | null; classicYarn: boolean } {
  const wish = manifest(top).packageManager;
  const [name = "", version = ""] = typeof wish === "string" ? wish.split("@") : [];
  const modern = top.files.includes(".yarnrc.yml") || (name === "yarn" && version !== "" && !version.startsWith("1."));
  return { name: name || null, classicYarn: !modern };
}

function scripts(top: TopLevel): Record<string, unknown> {
  const value = manifest(top).scripts;
  return isRecord(value) ? value : {};
}

function manifest({ packageJson }: TopLevel): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(packageJson ?? "{}");
    return isRecord(value) ? value : {};
  } catch {
    return {}; // a broken package.json gives no hint; its own tool will say so when it runs
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
