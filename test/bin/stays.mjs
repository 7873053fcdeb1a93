/**
 * Plays a CLI that heeds neither the end of its stdin nor SIGTERM: it starts the program behind it and ends with it, but not
 * when nobody reads its output any more. Arguments: a file for its pid, then the program's for node.
 */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [log, ...program] = process.argv.slice(2);
appendFileSync(log, `${process.pid}\n`);
// What a careless program prints at its end, far more than is kept.
process.stderr.write(`${"noise ".repeat(5_000)}my key is sk-ant-${"a1b2c3d4".repeat(4)}, my last words\n`);
process.on("SIGTERM", () => undefined);
process.stdout.on("error", () => undefined);
const child = spawn(process.execPath, program, { stdio: "inherit" });
child.once("exit", (code) => {
  process.stdout.write("\n", (error) => {
    if (!error) process.exit(code ?? 1);
  });
});
setInterval(() => undefined, 1_000);
