/** The scripts for shells, made by the built program: whole, quoted, and understood by the shells that are there. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/index.ts";
import { tempDir } from "../support/temp.ts";
import { nowhere, skep } from "./support/skep.ts";

const SHOWN = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name);
const there = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

async function script(shell: string): Promise<string> {
  const { code, stdout, stderr } = await skep(["completion", shell], { cwd: nowhere() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const file = path.join(tempDir("completion"), "skep");
  writeFileSync(file, stdout);
  return file;
}

test("[cli.completion] bash completes every command, and the options of the one that is typed", async () => {
  const file = await script("bash");
  const reply = (...words: readonly string[]): readonly string[] => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash that fills it
    const ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _skep; printf "%s\\n" "${COMPREPLY[@]}"';
    return execFileSync("bash", ["-c", ask, "bash", file, ...words], { encoding: "utf8" })
      .trim()
      .split("\n");
  };
  expect(reply("skep", "")).toEqual([...SHOWN, "--help", "--version"]);
  expect(reply("skep", "wa")).toEqual(["watch"]);
  expect(reply("skep", "logs", "--f")).toEqual(["--follow"]);
  expect(reply("skep", "send", "dev-0", "--")).toEqual(expect.arrayContaining(["--urgent", "--wait", "--help"]));
  // A file's name, or what is none of skep's, is left to the shell.
  expect(reply("skep", "send", "no")).toEqual([""]);
});

test.each(["zsh", "fish"])(
  "[cli.completion] the script for %s names every command and is read by that shell where it is there",
  async (shell) => {
    const file = await script(shell);
    const { stdout } = await skep(["completion", shell], { cwd: nowhere() });
    for (const name of SHOWN) expect(stdout).toMatch(new RegExp(`\\b${name}\\b`));
    expect(stdout).toMatch(shell === "fish" ? /from logs' -s f -l follow -d '/ : / logs\) found=\('-f:.*'--follow:/);
    if (there(shell)) execFileSync(shell, ["-n", file]);
  },
);

test("[cli.completion] [cli.exit-usage] a shell that is not known is refused with the one that was meant", async () => {
  const { code, stdout, stderr } = await skep(["completion", "bsh"], { cwd: nowhere() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^USAGE: there is no completion for "bsh"\. Next: skep completion bash\.\n$/);
});
