/** A small shop as a repository in a folder of its own, with scripted agents and `skep` on the PATH: where recipes are played. */
import { execFile } from "node:child_process";
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const HERE = import.meta.dirname;
export const MAIN = path.resolve(HERE, "../../dist/main.mjs");
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_MS = 90_000;

export class Stage {
  /** The reader's home; everything that is made stands below it. */
  readonly home: string;
  readonly repository: string;
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    this.home = realpathSync(mkdtempSync(path.join(tmpdir(), "skep-recipe-")));
    this.repository = path.join(this.home, "shop");
    // Nothing of whoever plays it: no settings, no agent CLI of this machine.
    this.env = {
      ...{ HOME: this.home, LC_ALL: "C.UTF-8", NO_COLOR: "1", COLUMNS: "100" },
      PATH: [path.join(this.home, "bin"), path.dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
    };
  }

  /** The repository with its settings, committed: scripted agents, or those of a file beside this one. */
  async furnish(config?: string): Promise<void> {
    const bin = path.join(this.home, "bin/skep");
    mkdirSync(path.dirname(bin));
    writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(bin, 0o755);
    cpSync(path.join(HERE, "shop"), this.repository, { recursive: true });
    const agents = { playbook: path.join(HERE, "shop.yaml"), state: path.join(this.home, "agents") };
    const scripted = `harness:\n  default: scripted\n  adapters: { scripted: { settings: ${JSON.stringify(agents)} } }\n`;
    appendFileSync(path.join(this.repository, ".skep/config.yaml"), config ? readFileSync(path.join(HERE, config), "utf8") : scripted);
    for (const line of [
      "git init -q -b main && git config user.name You && git config user.email you@example.com",
      "git add -A && git commit -qm 'A small shop'",
    ])
      await this.run(line);
  }

  /** What a line prints when it is typed in the repository, and how it ends. */
  run(line: string): Promise<{ readonly output: string; readonly exit: number }> {
    return new Promise((resolve) => {
      execFile(
        "bash",
        ["-c", `${line.replace(/\\\n/g, "")}`],
        { cwd: this.repository, env: this.env, maxBuffer: MOST_BYTES, timeout: MOST_MS },
        (error, stdout, stderr) => {
          const exit = error ? (typeof error.code === "number" ? error.code : 1) : 0;
          resolve({ output: this.readable(`${stdout}${stderr}`), exit });
        },
      );
    });
  }

  /** Places of this machine as the reader's. */
  readable(text: string): string {
    return text.replaceAll(this.home, "~").trimEnd();
  }

  async strike(): Promise<void> {
    await this.run("skep uninstall --yes");
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
