import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { toolTime } from "../../src/proc/tool-time.ts";
import { until } from "../support/until.ts";

/** By its processor's clock: on a machine with much to do 300 ms pass with little computed. */
const BUSY =
  "for (let own = { user: 0, system: 0 }, from = process.cpuUsage(); own.user + own.system < 300_000; own = process.cpuUsage(from));";

test.runIf(process.platform === "linux")(
  "[proc.tool-time] what its children compute counts, also after their end; what it computes itself does not",
  async () => {
    const script = `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(BUSY)}]); console.log("waited"); ${BUSY} console.log("worked"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = child.pid ?? 0;
    try {
      let said = "";
      child.stdout.on("data", (text: Buffer) => {
        said += text.toString();
      });
      await until(() => said.includes("waited"), { what: "the end of its child" });
      const waited = toolTime(pid) ?? 0;
      expect(waited).toBeGreaterThan(200);
      await until(() => said.includes("worked"), { what: "its own work" });
      expect(toolTime(pid)).toBe(waited);
    } finally {
      child.kill("SIGKILL");
    }
    await until(() => toolTime(pid) === null, { what: "its end" });
  },
);
