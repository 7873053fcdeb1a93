import { expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { changedFacts } from "../../src/engine/changed-facts.ts";

const facts = (paths: readonly string[], review: Partial<(typeof DEFAULT_CONFIG)["review"]>) =>
  changedFacts(paths, { config: { ...DEFAULT_CONFIG, review: { ...DEFAULT_CONFIG.review, ...review } } });

test("[review.changed] the first risky path is named with its pattern; a change needs no review when every path is listed", () => {
  const skip = ["docs/**", "*.md"];
  expect(facts(["docs/a.md", "README.md"], { skip })).toEqual({ skip: "every changed path matches docs/**, *.md of review.skip" });
  expect(facts(["docs/a.md", "src/a.ts"], { skip })).toEqual({});
  expect(facts([], { skip })).toEqual({});
  expect(facts(["src/a.ts", "db/migrations/1.sql"], {})).toEqual({ risky: { path: "db/migrations/1.sql", pattern: "**/migrations/**" } });
  expect(facts(["src/author.ts"], {})).toEqual({});
});
