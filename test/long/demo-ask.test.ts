/** The demo with a person at a terminal, which `script` of util-linux stands in for. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { start } from "../cli/support/skep.ts";
import { builtMain } from "../support/build.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const SCRIPT = ["/usr/bin/script", "/bin/script"].find((file) => existsSync(file));

test.skipIf(!SCRIPT || process.platform !== "linux")(
  "[demo.ask] at a terminal the person answers, and the answer is in the code",
  async () => {
    const folder = tempDir("demo");
    // `script` gives the program a terminal of its own; the words here are fixed, none comes from outside.
    const line = [process.execPath, builtMain(), "demo", "--ask", "--keep", "--seconds", "240"].join(" ");
    const {
      child,
      ended: end,
      out,
    } = start([SCRIPT ?? "", "--quiet", "--return", "--command", line, "/dev/null"], {
      env: { TMPDIR: folder, NO_COLOR: "1", TERM: "xterm" },
    });
    await until(() => out().includes("answer (number"), { timeoutMs: 120_000, what: "the question was put" });
    child.stdin?.write("2\n");
    const { code, stdout } = await end;
    expect(stdout).toContain('was answered "sunday"');
    expect(code).toBe(0);
    const [name = ""] = readdirSync(folder);
    expect(readFileSync(path.join(folder, name, "tally/src/core/dates.js"), "utf8")).toContain('WEEK_START = "sunday"');
  },
  300_000,
);
