// Prints "N passed, N failed" over the JSON reports named as arguments, and fails when something failed or a report is missing.
import { readFileSync } from "node:fs";

let passed = 0;
let failed = 0;
let missing = 0;
for (const file of process.argv.slice(2)) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    missing += 1; // the suite never ended
    continue;
  }
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that could not be loaded, or whose last hook found leaked processes, fails without a failed test.
  failed += report.testResults.filter((one) => one.status === "failed" && !one.assertionResults.some((test) => test.status === "failed")).length;
}
if (missing > 0) console.log(`${missing} suite(s) ended without a report`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || missing > 0 || passed === 0 ? 1 : 0;
