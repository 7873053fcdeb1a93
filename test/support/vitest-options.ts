import { BaseSequencer, type InlineConfig, type TestSpecification } from "vitest/node";

/** The project whose files follow one another in two processes, without loading the sources again. */
export const SHARED = "shared";

/** A small file may hold whole swarms; one that begins last keeps the other worker waiting. A shared process is kept from file to file only. */
class SwarmsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      if (project.name === SHARED) return 2;
      return /\/test\/(e2e\/|store\/crash)/.test(moduleId) ? 0 : 1;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** What the three suites share: processes of their own, two at a time, leak and build checks around them. */
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
