/** `skep notify`: one's own way of being told, tried. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { tempDir } from "../support/temp.ts";
import { endHosts, hostedRepo, skep } from "./support/skep.ts";

afterEach(endHosts);

test("[notify.try] it sends a test in each way that is set, and says what is not set or went wrong", async () => {
  const repo = hostedRepo();
  const XDG_CONFIG_HOME = tempDir("config");
  const tell = path.join(XDG_CONFIG_HOME, "tell");
  const at = { cwd: repo.root, env: { XDG_CONFIG_HOME } };
  const set = (notify: string): void => {
    mkdirSync(path.join(XDG_CONFIG_HOME, "skep"), { recursive: true });
    writeFileSync(path.join(XDG_CONFIG_HOME, "skep/config.yaml"), `notify: ${notify}\n`);
  };
  writeFileSync(tell, `#!${process.execPath}\nprocess.exit(process.argv[2] === "well" && process.argv[3].startsWith("skep") ? 0 : 4)\n`);
  chmodSync(tell, 0o755);

  expect(await skep(["notify"], at)).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^NOTHING_SET: .* Next: set notify\./),
  });
  set(`{command: ["${tell}", well]}`);
  expect(await skep(["notify"], at)).toEqual({ code: 0, stdout: "command: sent\n", stderr: "" });
  set(`{command: ["${tell}", badly], url: "http://127.0.0.1:9/x", origins: ["http://127.0.0.1:9"]}`);
  const { code, stdout } = await skep(["notify", "--json"], at);
  expect([code, JSON.parse(stdout).sent]).toEqual([
    1,
    [
      { by: "command", problem: "tell ended with 4" },
      { by: "url", problem: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9 cannot be reached: /) },
    ],
  ]);
  // A swarm is started under it, and a project may not say the same.
  const { looks } = JSON.parse((await skep(["doctor", "--json"], at)).stdout) as { looks: { what: string; found: string }[] };
  expect(looks.find(({ what }) => what === "notify")?.found).toContain("gate by");
  repo.commit({ ".skep/config.yaml": "notify: {}\n" });
  expect((await skep(["run", "x", "--harness", "scripted"], at)).stderr).toMatch(
    /^CONFIG_INVALID: \.skep\/config\.yaml:1:1: notify is no project's/,
  );
});
