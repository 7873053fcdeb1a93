import { describe, expect, test } from "vitest";
import { guessSetup, guessTests } from "../../src/config/setup-guess.ts";

const top = (files: readonly string[], manifest: unknown = null) => ({
  files,
  packageJson: manifest === null ? null : typeof manifest === "string" ? manifest : JSON.stringify(manifest),
});
const setup = (files: readonly string[], manifest: unknown = null) => guessSetup(top(files, manifest)).map((guess) => guess.argv.join(" "));
const tests = (files: readonly string[], manifest: unknown = null) => guessTests(top(files, manifest)).map((argv) => argv.join(" "));

describe("[config.guess.setup] setup is guessed from lock files, and no guess changes one", () => {
  test.each([
    ["package-lock.json", "npm ci"],
    ["pnpm-lock.yaml", "pnpm install --frozen-lockfile"],
    ["bun.lock", "bun install --frozen-lockfile"],
    ["bun.lockb", "bun install --frozen-lockfile"],
    ["uv.lock", "uv sync --frozen"],
    ["poetry.lock", "poetry install --no-interaction"],
    ["go.sum", "go mod download"],
    ["Cargo.lock", "cargo fetch --locked"],
  ])("%s → %s", (file, command) => {
    expect(setup([file, "README.md"])).toEqual([command]);
  });

  test("both ages of Yarn", () => {
    expect(setup(["yarn.lock"])).toEqual(["yarn install --frozen-lockfile"]);
    expect(setup(["yarn.lock"], { packageManager: "yarn@1.22.22" })).toEqual(["yarn install --frozen-lockfile"]);
    expect(setup(["yarn.lock"], { packageManager: "yarn@4.5.0" })).toEqual(["yarn install --immutable"]);
    expect(setup(["yarn.lock", ".yarnrc.yml"])).toEqual(["yarn install --immutable"]);
  });

  test("one per language, and packageManager decides between two lock files of one", () => {
    const files = ["package-lock.json", "pnpm-lock.yaml", "Cargo.lock"];
    expect(setup(files, { packageManager: "npm@11.0.0" })).toEqual(["npm ci", "cargo fetch --locked"]);
    expect(setup(files)).toEqual(["pnpm install --frozen-lockfile", "cargo fetch --locked"]);
  });

  test("nothing known, nothing guessed", () => {
    expect(setup(["Makefile", "package.json"], { scripts: { test: "x" } })).toEqual([]);
  });

  test("the guess names the file it comes from", () => {
    expect(guessSetup(top(["package-lock.json"]))).toEqual([{ argv: ["npm", "ci"], because: "package-lock.json" }]);
  });
});

describe("[config.guess.tests] the test command is guessed only where there are tests", () => {
  test("package.json's script, through its package manager", () => {
    expect(tests(["package.json"], { scripts: { test: "node --test" } })).toEqual(["npm test"]);
    expect(tests(["package.json", "pnpm-lock.yaml"], { scripts: { test: "vitest" } })).toEqual(["pnpm test"]);
  });

  test("npm's own placeholder is no test", () => {
    expect(tests(["package-lock.json"], { scripts: { test: 'echo "Error: no test specified" && exit 1' } })).toEqual([]);
    expect(tests(["package-lock.json"], { scripts: {} })).toEqual([]);
  });

  test("other languages by their own marks", () => {
    expect(tests(["go.mod"])).toEqual(["go test ./..."]);
    expect(tests(["Cargo.toml", "Cargo.lock"])).toEqual(["cargo test"]);
    expect(tests(["uv.lock"])).toEqual([]);
    expect(tests(["uv.lock", "conftest.py"])).toEqual(["uv run pytest"]);
    expect(tests(["pytest.ini"])).toEqual(["pytest"]);
  });

  test.each(["{", "[]", "null", '"x"', '{"scripts": [1]}', '{"scripts": {"test": {}}}', '{"packageManager": 7}'])(
    "a hostile package.json gives no hint: %s",
    (text) => {
      expect(tests(["package.json"], text)).toEqual([]);
      expect(setup(["package-lock.json"], text)).toEqual(["npm ci"]);
    },
  );
});
