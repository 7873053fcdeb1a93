import { defineConfig } from "vitest/config";
import { suite } from "./test/support/vitest-options.ts";

/** `npm test`: everything that is fast. */
export default defineConfig(suite(["test/**/*.test.ts"], { exclude: ["test/long/**", "test/clis/**"] }));
