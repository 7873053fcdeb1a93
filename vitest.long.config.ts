import { defineConfig } from "vitest/config";
import { suite } from "./test/support/vitest-options.ts";

/** `npm run test:long`: the full kill matrix, many crash kills, conformance. */
export default defineConfig(suite(["test/long/**/*.test.ts"], { testTimeout: 15 * 60_000, hookTimeout: 5 * 60_000 }));
