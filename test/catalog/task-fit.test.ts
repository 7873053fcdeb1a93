import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitRisk, fitRole } from "../../src/catalog/task-fit.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { load } from "./fixtures.ts";

const shipped = load().roles;
const team = (...ids: readonly string[]) => ids.flatMap((id) => shipped.get(id) ?? []);
const PRO = team("architect", "developer", "tester", "resolver", "docs-writer", "qa-engineer", "solidity-dev", "researcher", "writer");

describe("[catalog.fit.role] with the shipped roles", () => {
  test.each([
    [["src/login.ts", "test/login.test.ts"], "developer"],
    [["src/login.ts", "docs/login.md"], "developer"],
    [["docs/login.md", "README.md"], "docs-writer"],
    [["docs/"], "docs-writer"],
    [["contracts/Vault.sol", "contracts/test/Vault.t.sol"], "solidity-dev"],
    [["e2e/checkout.md", "e2e/data.json"], "tester"],
    [["locales/de.json", "locales/fr.json"], "writer"],
    [["notes/database.txt"], "researcher"],
    [["tests/fixtures/users.json"], "developer"],
  ])("%j goes to the %s", (files, role) => {
    expect(fitRole(files, PRO)).toMatchObject({ value: role, because: expect.stringContaining(role) });
  });

  test("with the reason in words", () => {
    expect(fitRole(["docs/a.md", "docs/b.md", "src/a.ts"], PRO)).toEqual({
      value: "docs-writer",
      because: "docs-writer is for 2 of 3 files, more than any other role",
    });
  });
});

describe("[catalog.fit.fallback]", () => {
  test("a tie, nobody's files, a team of one, no team", () => {
    expect(fitRole(["src/a.ts", "docs/a.md"], team("docs-writer", "developer"))).toEqual({
      value: "developer",
      because: "docs-writer, developer fit alike, with 1 of 2 files, so the developer takes it",
    });
    expect(fitRole(["Makefile"], PRO)).toEqual({ value: "developer", because: "its files are no role's own, so the developer takes it" });
    expect(fitRole(["Makefile"], team("resolver", "tester", "writer"))?.value).toBe("tester");
    expect(fitRole(["Makefile"], team("developer", "resolver"))).toEqual({ value: "developer", because: null });
    expect(fitRole(["Makefile"], team("resolver"))).toBeNull();
  });

  const path = fc.constantFrom(
    "src/a.ts",
    "src/b/",
    "docs/a.md",
    "docs/**",
    "e2e/x.ts",
    "contracts/A.sol",
    "Makefile",
    "**/*.md",
    "src/[id].ts",
  );
  const scope = fc.uniqueArray(fc.constantFrom("src/", "docs/", "**/*.md", "**/*.ts", "e2e/", "contracts/"), { maxLength: 3 });
  const roles = fc.uniqueArray(
    fc.record({ id: fc.constantFrom("developer", "tester", "writer", "resolver", "other"), scopePaths: scope }),
    {
      selector: ({ id }) => id,
      maxLength: 5,
    },
  );
  test("any files and team: one of the team's roles, never the resolver, whatever the order of the files and of the other roles", () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 6 }), roles, (files, candidates) => {
        const fit = fitRole(files, candidates);
        const able = candidates.filter(({ id }) => id !== "resolver").map(({ id }) => id);
        if (able.length === 0) return fit === null;
        expect(able).toContain(fit?.value);
        expect(fit?.because === null).toBe(able.length === 1);
        expect(fitRole([...files].reverse(), candidates)).toEqual(fit);
        if (able.includes("developer")) expect(fitRole(files, [...candidates].reverse())?.value).toBe(fit?.value);
        return true;
      }),
    );
  });
});

describe("[catalog.fit.risk] with the default list", () => {
  const { risky } = DEFAULT_CONFIG.review;
  test.each([
    [["src/auth/login.ts"], /^src\/auth\/login.ts is risky by /],
    [["src/a.ts", "db/migrations/"], /^db\/migrations\/ is risky by \*\*\/migrations\/\*\*$/],
    [[".github/workflows/ci.yml"], /^.github\/workflows\/ci.yml is risky by .github\/\*\*$/],
    [["./.github/"], /is risky by .github\/\*\*$/],
    [["package.json"], /package.json is risky by/],
    [["src/", "docs/**", "src/button.ts"], null],
    // These may be anywhere; what is changed there is looked at when it is handed in.
    [["**/*.yml", "**/*.test.*"], null],
  ])("%j", (files, wanted) => {
    const found = fitRisk(files, risky);
    if (wanted === null) expect(found).toBeNull();
    else expect(found).toMatch(wanted);
  });
});
