import { BaseSequencer, type InlineConfig, type TestSpecification } from "vitest/node";

/** A small file may hold whole swarms; one that begins last keeps the other worker waiting. */
class SwarmsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => (/\/test\/(e2e\/|store\/crash)/.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

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
      sequence: { sequencer: SwarmsFirst },
      ...options,
    },
  };
}
