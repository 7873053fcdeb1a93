/** A person in the real clients: one command sets skep up, a goal is said in the client, and the work is in the branch. */
import path from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { installCli, type PINS, programOf } from "./install.ts";
import { driveInNamespace } from "./namespace.ts";

test.each(["claude", "codex", "gemini", "opencode"] as const satisfies readonly (keyof typeof PINS)[])(
  "[clis.person] in the real %s a goal becomes landed work through the entry that init wrote",
  async (client) => {
    const bin = await installCli(client);
    const root = path.resolve(import.meta.dirname, "../..");
    const args = [client, bin, programOf(client, { PATH: bin }), root];
    const { facts } = await driveInNamespace(new URL("./person-drive.ts", import.meta.url), args, tempDir("person"), 300_000);
    if (process.env.SKEP_SHOW_FACTS) process.stderr.write(`${JSON.stringify(facts, null, 1)}\n`);
    const done = { code: 0 };
    expect(facts).toMatchObject({ init: done, client: done, status: done, uninstall: done, left: false });
    expect(facts).toMatchObject({
      git: { log: ["Write t2.txt", "Write t1.txt"], files: ["out/t1.txt", "out/t2.txt"], status: "", branches: ["refs/heads/main"] },
    });
  },
  400_000,
);
