import type { InlineConfig } from "vitest/node";

/** What the three suites share: a process per file, two at a time, leak and build checks around them. */
export function suite(include: readonly string[], options: InlineConfig = {}): { test: InlineConfig } {
  return {
    test: {
      include: [...include],
      pool: "forks",
      maxWorkers: 2,
      testTimeout: 20_000,
      hookTimeout: 30_000,
      teardownTimeout: 10_000,
      setupFiles: ["test/support/setup.ts"],
      globalSetup: ["test/support/build.ts"],
      ...options,
    },
  };
}
