import { configDefaults, defineConfig } from "vitest/config";
import { SHARED, suite } from "./test/support/vitest-options.ts";

/** Tests that look at values more than at processes: loading the sources again for each file would cost more than they do. */
const PURE = ["test/{base,catalog,chaos,checks,config,domain,fuzz,model,scripts,support,tools}/**/*.test.ts", "test/*.test.ts"];
/** They compute for seconds: sharing a process saves them nothing, and their time limits hold for a fresh one. */
const LONG_WALKS = ["test/domain/{next,properties,*.property}.test.ts"];
const SLOW = ["test/long/**", "test/clis/**"];

/** `npm test`: everything that is fast. */
export default defineConfig({
  test: {
    ...suite([]).test,
    projects: [
      { extends: true, test: { name: "own", include: ["test/**/*.test.ts"], exclude: [...configDefaults.exclude, ...SLOW, ...PURE] } },
      { extends: true, test: { name: "walks", include: LONG_WALKS } },
      { extends: true, test: { name: SHARED, include: PURE, exclude: [...configDefaults.exclude, ...LONG_WALKS], isolate: false } },
    ],
  },
});
