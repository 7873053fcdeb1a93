/** What a person reads who asks the built program how it is used. */
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/index.ts";
import { nowhere, skep } from "./support/skep.ts";

const SHOWN = COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name);

test("[cli.help] skep alone, --help and help print the same: every command, with examples and the exit codes", async () => {
  const [alone, flag, word] = await Promise.all([skep([]), skep(["--help"]), skep(["help"])]);
  expect(alone).toMatchObject({ code: 0, stderr: "" });
  expect(flag).toEqual(alone);
  expect(word).toEqual(alone);
  expect(alone.stdout).toMatchSnapshot();
  const listed = [...(alone.stdout.split("Commands:")[1]?.split("Exit codes:")[0] ?? "").matchAll(/^ {2}([\w-]+)/gm)].map(
    ([, name]) => name,
  );
  expect(listed).toEqual(SHOWN);
});

test.each(SHOWN)("[cli.help] skep %s --help shows usage and examples, in any folder", async (name) => {
  const { code, stdout, stderr } = await skep([name, "--help"], { cwd: nowhere() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(`Usage: skep ${name}`);
  expect(stdout).toMatchSnapshot();
});

test("[cli.version] --version is the package's", async () => {
  const { version } = await import("../../package.json", { with: { type: "json" } }).then((file) => file.default);
  expect(await skep(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});
