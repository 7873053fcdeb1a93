// Prints "N passed, N failed" over the JSON reports named as arguments, a file's last run counting, and names what failed at first.
// Fails when something failed or a report is missing. With --failed: the files that failed in one report, a line each.
import { readFileSync } from "node:fs";

const [first, ...more] = process.argv.slice(2);
const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8")).testResults;
  } catch {
    return null; // the suite never ended
  }
};

if (first === "--failed") {
  for (const { name, status } of read(more[0]) ?? []) if (status === "failed") console.log(name);
} else {
  const reports = [first, ...more].map(read);
  const last = new Map();
  const again = [];
  for (const file of reports.flatMap((report) => report ?? [])) {
    if (last.get(file.name)?.status === "failed" && file.status === "passed") again.push(file.name);
    last.set(file.name, file);
  }
  const count = (status) => [...last.values()].flatMap((file) => file.assertionResults).filter((test) => test.status === status).length;
  // A file that could not be loaded, or whose last hook found leaked processes, fails without a failed test.
  const silent = (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
  const failed = count("failed") + [...last.values()].filter(silent).length;
  const missing = reports.filter((report) => report === null).length;
  if (missing > 0) console.log(`${missing} suite(s) ended without a report`);
  for (const name of again) console.log(`failed, and passed when it ran alone: ${name}`);
  console.log(`${count("passed")} passed, ${failed} failed`);
  process.exitCode = failed > 0 || missing > 0 || count("passed") === 0 ? 1 : 0;
}
