import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/checks/check.ts";
import { isDenied } from "../../src/checks/packages/compare.ts";
import { readerFor } from "../../src/checks/packages/read.ts";
import { check, submit } from "./kit.ts";

type Files = Readonly<Record<string, string>>;

/** What the check says of `after` on top of `before`. */
async function said(before: Files, after: Files, options: object = {}): Promise<readonly Finding[]> {
  const { repo, change } = await submit(before, after);
  const sha = repo.git("rev-parse", "HEAD");
  return (await check({ ...change, base: repo.git("rev-parse", "HEAD~1"), sha }, "dependencies", options)).findings;
}
const brief = (findings: readonly Finding[]): string[] =>
  findings.map(({ file, line, blocks, message }) => `${blocks ? "stops" : "note"} ${file}:${line} ${message}`);

const manifest = (dependencies: object, more: object = {}): string => `${JSON.stringify({ name: "x", dependencies, ...more }, null, 2)}\n`;
const entry = (version: string, license?: string, dependencies: object = {}) => ({
  version,
  ...(license ? { license } : {}),
  dependencies,
});
const lock = (root: object, packages: object): string =>
  JSON.stringify({ name: "x", lockfileVersion: 3, packages: { "": { name: "x", dependencies: root }, ...packages } });

describe("[checks.dependencies] what came in is named", () => {
  const before = {
    "package.json": manifest({ a: "^1.0.0", gone: "1" }),
    "package-lock.json": lock({}, { "node_modules/a": entry("1.0.0", "MIT") }),
  };

  test("in manifest and lock file, as notes where any package may come", async () => {
    const after = {
      "package.json": manifest({ a: "^2.0.0", "@s/new": "1.2.3" }),
      "package-lock.json": lock(
        {},
        {
          "node_modules/a": entry("2.0.0", "MIT", { below: "1" }),
          "node_modules/@s/new": entry("1.2.3", "ISC"),
          "node_modules/a/node_modules/below": entry("1.0.0"),
        },
      ),
    };
    expect(brief(await said(before, after))).toEqual([
      "note package-lock.json:null came in: @s/new 1.2.3 (ISC), below 1.0.0 (licence unknown); changed: a 1.0.0 → 2.0.0",
      'note package.json:5 new direct dependency "@s/new" "1.2.3"',
      "note package.json:null changed: a ^1.0.0 → ^2.0.0; went: gone",
    ]);
    expect(await said(before, after, { allow: ["@s/new"] })).toEqual(await said(before, after));
    const stopped = await said(before, after, { allow: ["zod"] });
    expect(brief(stopped)).toContain('stops package.json:5 new direct dependency "@s/new" "1.2.3", which the project does not allow');
  });

  test("nothing is said of what did not change, nor of fixtures", async () => {
    expect(await said(before, { "src/c.txt": "c\n", "test/fixtures/package.json": "{ broken" })).toEqual([]);
    expect(brief(await said(before, { "package.json": "{ broken" }))[0]).toMatch(/^stops package\.json:null cannot be read/);
  });

  test.each([
    ["requirements.txt", "flask==2.0 ; python_version > '3'\n", "flask==2.0\nUvicorn[standard]>=0.20\n", "uvicorn"],
    [
      "pyproject.toml",
      '[project]\ndependencies = [\n  "flask>=2",\n]\n',
      '[project]\ndependencies = [\n  "flask>=2",\n  "uvicorn",\n]\n',
      "uvicorn",
    ],
    [
      "api/pyproject.toml",
      '[tool.poetry.dependencies]\npython = "^3"\n',
      '[tool.poetry.dependencies]\npython = "^3"\nuvicorn = "^1"\n',
      "uvicorn",
    ],
    ["go.mod", "module x\n", "module x\n\nrequire (\n\tgo.x/y v1.2.0\n\tgo.x/z v1.0.0 // indirect\n)\n", "go.x/y"],
    [
      "Cargo.toml",
      '[dependencies]\nserde = "1"\n',
      '[dependencies]\nserde = "1"\nfast = { package = "faster", version = "2" }\n',
      "faster",
    ],
  ])("%s", async (file, before, after, name) => {
    const direct = (await said({ [file]: before }, { [file]: after })).filter(({ message }) => message.startsWith("new direct"));
    expect(direct).toMatchObject([{ file, line: expect.any(Number), blocks: false, message: expect.stringContaining(`"${name}"`) }]);
  });

  test.each([
    [
      "pnpm-lock.yaml",
      "lockfileVersion: '9.0'\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {}\n\n  b@2.1.0(c@3.0.0):\n\nsnapshots:\n\n  z@9.0.0: {}\n",
      ["@s/a@1.0.0", "b@2.1.0"],
    ],
    ["yarn.lock", '"@s/a@^1.0", "@s/a@~1":\n  version "1.0.0"\n\nb@2:\n  version "2.1.0"\n', ["@s/a@1.0.0", "b@2.1.0"]],
    [
      "poetry.lock",
      '[[package]]\nname = "a"\nversion = "1.0"\n\n[package.dependencies]\nB_c = ">=1"\n\n[[package]]\nname = "b-c"\nversion = "2"\n',
      ["a@1.0", "b-c@2"],
    ],
    [
      "uv.lock",
      '[[package]]\nname = "own"\nversion = "0"\nsource = { editable = "." }\n\n[[package]]\nname = "a"\nversion = "1.0"\n',
      ["a@1.0"],
    ],
    ["go.sum", "go.x/y v1.2.0 h1:abc=\ngo.x/y v1.2.0/go.mod h1:abc=\ngo.x/q v1.0.0/go.mod h1:abc=\n", ["go.x/y@v1.2.0"]],
    [
      "Cargo.lock",
      '[[package]]\nname = "own"\nversion = "0.1.0"\n\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry+x"\n',
      ["serde@1.0.0"],
    ],
  ])("%s is read", (file, source, packages) => {
    const reader = readerFor(file);
    expect(reader?.kind).toBe("lock");
    expect(reader?.kind === "lock" ? [...reader.read(source).packages.keys()] : []).toEqual(packages);
  });
});

describe("[checks.dependencies.unasked] a locked package nobody asks for", () => {
  test("stops, also when the lock file names it as its own root's; one that is explained does not", async () => {
    const before = { "package.json": manifest({ a: "1" }), "package-lock.json": lock({ a: "1" }, { "node_modules/a": entry("1.0.0") }) };
    const slipped = lock({ a: "1", evil: "1" }, { "node_modules/a": entry("1.0.0"), "node_modules/evil": entry("1.0.0") });
    expect(brief(await said(before, { "package-lock.json": slipped }))).toEqual([
      "stops package-lock.json:null evil 1.0.0 came in, and neither a manifest nor another package asks for it",
      "note package-lock.json:null came in: evil 1.0.0 (licence unknown)",
    ]);
    const explained = lock({}, { "node_modules/a": entry("1.1.0", "MIT", { evil: "1" }), "node_modules/evil": entry("1.0.0") });
    expect((await said(before, { "package-lock.json": explained })).some(({ blocks }) => blocks)).toBe(false);
    const workspace = { "package-lock.json": slipped, "packages/b/package.json": manifest({ evil: "1" }) };
    expect((await said(before, workspace)).some(({ blocks }) => blocks)).toBe(false);
  });

  test("in Cargo.lock and poetry.lock too; where the format does not tell, it is a note", async () => {
    const cargo = (name: string) => `[[package]]\nname = "${name}"\nversion = "1.0.0"\nsource = "registry+x"\n`;
    const manifests = { "Cargo.toml": '[dependencies]\nserde = "1"\n', "yarn.lock": "# none\n" };
    const came = await said(manifests, { "Cargo.lock": cargo("serde") + cargo("evil"), "yarn.lock": 'evil@1:\n  version "1.0.0"\n' });
    expect(came.filter(({ blocks }) => blocks)).toMatchObject([{ file: "Cargo.lock", message: expect.stringContaining("evil 1.0.0") }]);
    expect(brief(came)).toContain("note yarn.lock:null came in: evil 1.0.0");
  });
});

describe("[checks.dependencies.licences] licences of packages that come in", () => {
  const options = { licences: { deny: ["AGPL-3.0", "SSPL-1.0"] } };
  test("a denied one stops, an unknown one is named as unknown", async () => {
    const before = { "package.json": manifest({ a: "1", b: "1", c: "1" }), "package-lock.json": lock({}, {}) };
    const packages = {
      "node_modules/a": entry("1.0.0", "AGPL-3.0-only"),
      "node_modules/b": entry("1.0.0", "MIT"),
      "node_modules/c": entry("1.0.0"),
    };
    expect(brief(await said(before, { "package-lock.json": lock({}, packages) }, options))).toEqual([
      'stops package-lock.json:null a 1.0.0 is under "AGPL-3.0-only", which the project denies',
      "note package-lock.json:null licence unknown, so not held against checks.dependencies.licences: c 1.0.0",
      "note package-lock.json:null came in: a 1.0.0 (AGPL-3.0-only), b 1.0.0 (MIT), c 1.0.0 (licence unknown)",
    ]);
  });

  test("expressions mean what they say", () => {
    const deny = options.licences.deny;
    for (const bad of ["AGPL-3.0-or-later", "agpl-3.0", "MIT AND AGPL-3.0", "(AGPL-3.0 OR SSPL-1.0)", "AGPL-3.0+ WITH x-exception"])
      expect([bad, isDenied(bad, deny)]).toEqual([bad, true]);
    for (const good of ["MIT", "(MIT OR AGPL-3.0)", "LGPL-3.0", "GPL-3.0"]) expect([good, isDenied(good, deny)]).toEqual([good, false]);
  });
});

describe("[checks.dependencies.own] the project's own licence", () => {
  test("stays as it is, in its file and in its manifest, unless the project says otherwise", async () => {
    const before = { LICENSE: "MIT\n", "package.json": manifest({}, { license: "MIT" }), "src/license.ts": "a\n" };
    const after = { LICENSE: "mine\n", "package.json": manifest({}, { license: "UNLICENSED" }), "src/license.ts": "b\n" };
    expect(brief(await said(before, after))).toEqual([
      "stops LICENSE:null the licence is changed",
      'stops package.json:null the licence says "UNLICENSED" instead of "MIT"',
    ]);
    expect((await said(before, after, { licenceChanges: "allow" })).map(({ blocks }) => blocks)).toEqual([false, false]);
    // A package that is new has a licence of its own to choose.
    expect(await said(before, { "packages/b/package.json": manifest({}, { license: "ISC" }) })).toEqual([]);
  });
});
