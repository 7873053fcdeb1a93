/** A rig whose seats are filled by `claude` as far as skep can tell: the real adapter, a fake behind it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tempDir } from "../../support/temp.ts";
import type { FrontOptions } from "./claude-front.ts";
import { e2eMain, makeRig, type Rig } from "./rig.ts";

export interface ClaudeRigOptions extends Partial<Pick<FrontOptions, "usdPerTurn" | "forgets" | "toolless">> {
  readonly playbook: string;
  /** Files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of `.skep/config.yaml`. */
  readonly config?: string;
  /** Variables of the host beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ClaudeRig extends Rig {
  /** What a CLI session was sent, in order, over all its runs. */
  messages(cliSession: string): readonly string[];
  /** The options a CLI session was begun with, those of its last run. */
  args(cliSession: string): readonly string[];
}

export async function claudeRig({ playbook, files = {}, config, env = {}, ...behaviour }: ClaudeRigOptions): Promise<ClaudeRig> {
  const folder = tempDir("fake-claude");
  const [bin, state, book] = [path.join(folder, "bin"), path.join(folder, "state"), path.join(folder, "playbook.yaml")];
  mkdirSync(bin);
  mkdirSync(state);
  writeFileSync(book, playbook);
  const options: Omit<FrontOptions, "args"> = { playbook: book, state, usdPerTurn: 0.01, forgets: false, toolless: false, ...behaviour };
  const main = JSON.stringify(await e2eMain());
  const program = [
    `#!${process.execPath}`,
    `globalThis.fakeClaude = { ...${JSON.stringify(options)}, args: process.argv.slice(2) };`,
    `process.argv = [process.execPath, ${main}, "claude"];`,
    `import(${main});`,
    "",
  ];
  writeFileSync(path.join(bin, "claude"), program.join("\n"), { mode: 0o755 });
  const rig = { playbook, files, harness: ["  default: claude"], env: { ...env, PATH: `${bin}:${process.env.PATH}` } };
  const made = await makeRig({ ...rig, ...(config === undefined ? {} : { config }) });
  return {
    ...made,
    args: (cliSession) => JSON.parse(readFileSync(path.join(state, `${cliSession}.args`), "utf8")) as string[],
    messages(cliSession) {
      const file = path.join(state, `${cliSession}.messages`);
      const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
      return lines.map((line) => JSON.parse(line) as string);
    },
  };
}
