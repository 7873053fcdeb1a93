/** Finds the command, runs it, and turns what it throws into one line on stderr and an exit code. */
import { COMMANDS } from "../index.ts";
import { EXIT, failed } from "./exit.ts";

export async function runCommand(argv: readonly string[]): Promise<number> {
  stayQuietOnBrokenPipe();
  const [name, ...rest] = argv;
  try {
    const entry = COMMANDS.find((command) => command.name === name);
    if (entry) return await (await entry.load()).run(rest);
    const { overview } = await import("./overview.ts");
    return overview(argv);
  } catch (error) {
    return failed(error);
  }
}

/** `skep logs | head` ends by itself; what nobody reads is no failure. Servers watch their own pipes. */
function stayQuietOnBrokenPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exitCode = EXIT.ok;
    else throw error;
  });
}
