/** Runs once per test file: marks its children, and at the end refuses leaked ones and removes its temp folders. */
import { afterAll } from "vitest";
import { markRun, refuseLeaks } from "./leaks.ts";
import { removeTempDirs, tempDirs } from "./temp.ts";

const run = markRun();

afterAll(async () => {
  try {
    await refuseLeaks(run, tempDirs());
  } finally {
    removeTempDirs();
  }
});
