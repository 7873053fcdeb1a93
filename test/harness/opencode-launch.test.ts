/** What an OpenCode session is started with: presets, files of its own, models, and where its binary is found. */
import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { opencode } from "../../src/harness/opencode.ts";
import { permissions } from "../../src/harness/opencode-config.ts";
import { tempDir } from "../support/temp.ts";
import { order, play, SETTINGS, START } from "./support/opencode-play.ts";
import { stopAll } from "./support/watch.ts";

afterEach(stopAll);

describe("what it is started with", () => {
  const config = (given: LaunchOrder) => JSON.parse(textOf(given, "config/opencode/opencode.json"));
  const textOf = (given: LaunchOrder, name: string): string => {
    const file = opencode.launch(given).files?.find((one) => one.path === name);
    return file !== undefined && "text" in file ? file.text : "";
  };
  const rules = (preset: LaunchOrder["preset"], commands: LaunchOrder["commands"] = []) =>
    permissions({ preset, commands }) as Record<string, Record<string, string> & string>;

  test("[harness.opencode.guarded] the guarded preset edits its worktree alone, never git's files, and runs the commands it was given", () => {
    const { bash, edit, ...rest } = rules("guarded", [["npm", "test"]]);
    expect(Object.keys(rest)[0]).toBe("*");
    expect(rest).toMatchObject({ "*": "deny", "skep_*": "allow", external_directory: "deny", task: "deny", question: "deny" });
    expect(edit).toMatchObject({ "*": "allow", ".git": "deny", ".git/*": "deny", ".opencode/*": "deny" });
    expect(Object.entries(bash ?? {}).at(-1)).toEqual(["npm test", "allow"]);
    expect(bash).toMatchObject({ "*": "deny", "git commit *": "allow", "*>*": "deny", "git *--output*": "deny" });
  });

  test("[harness.opencode.read-only] the read-only preset has no tool that writes", () => {
    const { bash, edit } = rules("read-only");
    expect(edit).toBe("deny");
    expect(Object.keys(bash ?? {}).filter((pattern) => /add|commit/.test(pattern))).toEqual([]);
  });

  test("[harness.opencode.full] the full preset has everything but OpenCode's own agents, lists and questions", () => {
    expect(rules("full")).toMatchObject({ "*": "allow", external_directory: "allow", task: "deny", todowrite: "deny", question: "deny" });
  });

  test("[harness.opencode.isolated] configuration, data and state are the session's, the sign-in is linked, commands get a shell without any of it", () => {
    const user = tempDir("user");
    const settings = { env: ["MY_KEY"], config: { provider: { mine: { npm: "x" } }, plugin: ["stranger"], model: "mine/m" } };
    const given = order({ settings, env: { HOME: user, PATH: "/bin" }, limits: { steps: 7, usd: null } });
    const { argv, env, files } = opencode.launch(given);
    expect(argv.slice(1)).toEqual(["serve", "--pure", "--hostname", "127.0.0.1", "--port", "0"]);
    for (const name of ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]) expect(env[name]?.startsWith(given.home)).toBe(true);
    expect(env).toMatchObject({ HOME: user, OPENCODE_DISABLE_PROJECT_CONFIG: "1", OPENCODE_DISABLE_CLAUDE_CODE: "1" });
    expect(files).toContainEqual({ path: "data/opencode/auth.json", linkTo: path.join(user, ".local/share/opencode/auth.json") });
    expect(config(given)).toMatchObject({
      ...{ model: "mine/m", enabled_providers: ["mine"], provider: { mine: { npm: "x" } }, plugin: [], mcp: {} },
      ...{ share: "disabled", autoupdate: false, snapshot: false, agent: { build: { steps: 7 }, general: { disable: true } } },
      ...{ instructions: [path.join(given.home, "role.md")], shell: path.join(given.home, "bin/sh") },
    });
    expect(textOf(given, "role.md")).toBe(given.rolePrompt);
    const unset = textOf(given, "bin/sh").split("\n")[1]?.split(" ") ?? [];
    expect(unset).toEqual(expect.arrayContaining(["OPENCODE_SERVER_PASSWORD", "XDG_DATA_HOME", "ANTHROPIC_API_KEY", "MY_KEY"]));
    expect(opencode.passesFor?.(settings)).toEqual(["MY_KEY"]);
    const { token } = given.mcp;
    expect(JSON.stringify([argv, env, files])).not.toContain(token);
  });

  test("[harness.opencode.files] what lies in the session's folder is the owner's alone, the shell can be run, the link stays", async () => {
    const { given, session } = await play([START]);
    await session.see("ready");
    const mode = (name: string): number => lstatSync(path.join(given.home, name)).mode & 0o777;
    expect([mode("config/opencode/opencode.json"), mode("role.md"), mode("bin/sh")]).toEqual([0o600, 0o600, 0o700]);
    expect(lstatSync(path.join(given.home, "data/opencode/auth.json")).isSymbolicLink()).toBe(true);
  });

  test("[harness.opencode.plugins] a repository with OpenCode plugins gets no session unless they may run", () => {
    const put = (file: string, text: string): string => {
      const tree = tempDir("tree");
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
      return tree;
    };
    for (const cwd of [put(".opencode/plugins/x.ts", ""), put("opencode.jsonc", '{ // mine\n "plugin": ["y"] }')]) {
      expect(() => opencode.launch(order({ cwd }))).toThrow(expect.objectContaining({ code: "HARNESS_PROJECT" }));
      expect(opencode.launch(order({ cwd, settings: { ...SETTINGS, projectPlugins: true } })).argv).toContain("serve");
    }
    expect(opencode.launch(order({ cwd: put("opencode.json", '{"model":"a/b"}') })).argv).toContain("serve");
  });

  test("[harness.opencode.model] a session needs a model with its provider, which is whose models stand behind it", () => {
    expect(() => opencode.launch(order({ settings: {} }))).toThrow(expect.objectContaining({ code: "HARNESS_SETTINGS" }));
    expect(() => opencode.launch(order({ model: "sonnet" }))).toThrow(
      expect.objectContaining({ message: expect.stringContaining("sonnet") }),
    );
    expect(config(order({ model: "openrouter/a/b" }))).toMatchObject({ model: "openrouter/a/b", enabled_providers: ["openrouter"] });
    expect(opencode.providerOf?.("anthropic/claude", {})).toBe("anthropic");
    expect(opencode.providerOf?.(null, { config: { model: "openai/x" } })).toBe("openai");
    expect(opencode.providerOf?.(null, {})).toBe("opencode");
  });

  test("[harness.opencode.attach] a person goes on with the session's data and settings of their own", () => {
    expect(opencode.attach?.({ binary: "/bin/opencode", cwd: "/tree", cliSession: "ses_1", home: "/home/s" })).toEqual({
      argv: ["/bin/opencode", "--session", "ses_1"],
      env: { XDG_DATA_HOME: "/home/s/data" },
    });
  });
});

describe("[harness.opencode.binary] the native binary is found", () => {
  function file(folder: string, name: string, content: string): string {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
    chmodSync(path.join(folder, name), 0o755);
    return path.join(folder, name);
  }
  const tells = (version: string): string => `#!/bin/sh\necho '${version}'\n`;

  test("beside npm's wrapper, and of its builds the one that runs here", async () => {
    const folder = tempDir("npm");
    const wrapper = file(folder, "node_modules/opencode-ai/bin/opencode.exe", "echo not installed\n");
    const base = `node_modules/opencode-${process.platform}-${process.arch}`;
    file(folder, `${base}/bin/opencode`, "#!/bin/sh\nexit 132\n");
    const baseline = file(folder, `${base}-baseline/bin/opencode`, tells("1.18.33"));
    mkdirSync(path.join(folder, "bin"));
    symlinkSync(wrapper, path.join(folder, "bin/opencode"));
    const env = { PATH: `${folder}/bin:${process.env.PATH}`, HOME: folder };
    expect(await opencode.detect(env)).toEqual({ found: true, path: baseline, version: "1.18.33" });
  });

  test("and its version decides", async () => {
    const folder = tempDir("old");
    file(folder, "opencode", tells("1.2.10"));
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    expect(await opencode.detect(env)).toMatchObject({ found: false, why: expect.stringContaining("too old"), fix: "opencode upgrade" });
    expect(await opencode.detect({ PATH: "/nowhere" })).toMatchObject({ found: false, why: expect.stringContaining("PATH") });
  });
});
