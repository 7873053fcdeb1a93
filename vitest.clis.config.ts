import { defineConfig } from "vitest/config";
import { suite } from "./test/support/vitest-options.ts";

/** `npm run test:clis`: real agent CLIs against the scripted model, one file at a time. */
export default defineConfig(suite(["test/clis/**/*.test.ts"], { testTimeout: 10 * 60_000, hookTimeout: 10 * 60_000, maxWorkers: 1 }));
