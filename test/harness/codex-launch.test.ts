/** How Codex is found, configured and started. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { codex } from "../../src/harness/codex.ts";
import { codexNatives, findCodex } from "../../src/harness/codex-binary.ts";
import { codexCodec } from "../../src/harness/codex-codec.ts";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { tempDir } from "../support/temp.ts";
import { THREAD } from "./support/codex-dialect.ts";
import { orderFor } from "./support/order.ts";

describe("launch", () => {
  const config = (change: Partial<LaunchOrder>): string => {
    const file = codex.launch(orderFor(change)).files?.find((one) => one.path === "codex/config.toml");
    return file && "text" in file ? file.text : "";
  };
  const thread = (change: Partial<LaunchOrder>) => {
    const [event] = codexCodec(orderFor(change)).read(JSON.stringify({ id: "skep-initialize", result: {} }));
    return JSON.parse(event?.type === "reply" ? (event.lines[1] ?? "") : "").params;
  };

  test("[harness.codex.presets] each preset is a sandbox, and nothing is ever asked for", () => {
    expect(thread({ preset: "read-only" })).toMatchObject({ sandbox: "read-only", approvalPolicy: "never" });
    expect(thread({ preset: "guarded" })).toMatchObject({ sandbox: "workspace-write", approvalPolicy: "never" });
    expect(thread({ preset: "full" })).toMatchObject({ sandbox: "danger-full-access", approvalPolicy: "never" });
    expect(config({})).toContain('"network_access" = false, "exclude_slash_tmp" = true, "exclude_tmpdir_env_var" = true');
  });

  test("[harness.codex.git] a guarded worktree may write what a commit needs: not hooks, not config, no branch but its own kind", () => {
    const [common, cwd] = [path.join(tempDir("repo"), ".git"), tempDir("tree")];
    const own = path.join(common, "worktrees/tree");
    for (const folder of [own, path.join(common, "refs/heads/skep-work/s-1")]) mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(cwd, ".git"), `gitdir: ${own}\n`);
    writeFileSync(path.join(own, "commondir"), "../..\n");
    const roots = (head: string, preset: LaunchOrder["preset"] = "guarded"): unknown => {
      writeFileSync(path.join(own, "HEAD"), `${head}\n`);
      return JSON.parse(/"writable_roots" = (\[.*?\])/.exec(config({ cwd, preset }))?.[1] ?? "");
    };
    const inside = (...parts: readonly string[]) => parts.map((part) => path.join(common, part));
    expect(roots("ref: refs/heads/skep-work/s-1/t1/1")).toEqual([
      own,
      ...inside("objects", "refs/heads/skep-work", "logs/refs/heads/skep-work"),
    ]);
    expect(roots("ref: refs/heads/main")).toEqual([own, ...inside("objects", "refs", "logs")]);
    expect(roots("0123456789012345678901234567890123456789")).toEqual([own, ...inside("objects")]);
    expect(roots("ref: refs/heads/skep-work/s-1/t1/1", "read-only")).toEqual([]);
  });

  test("[harness.codex.isolated] project settings, hooks, own swarms, memories and the web are off, whatever the settings say", () => {
    const text = config({ cwd: "/tree", settings: { config: { "features.hooks": true, web_search: "live", "features.mine": true } } });
    expect(text).toContain('"projects" = { "/tree" = { "trust_level" = "untrusted" } }');
    for (const off of [
      '"hooks" = false',
      '"multi_agent_v2" = false',
      '"goals" = false',
      '"memories" = false',
      '"daemon_auto_start" = false',
    ])
      expect(text).toContain(off);
    expect(text).toContain('"mine" = true');
    expect(text).toContain('"agents" = { "enabled" = false }');
    expect(text).toContain('"web_search" = "disabled"');
    expect(text).toContain('"project_doc_max_bytes" = 0');
  });

  test("[harness.codex.provider] a provider of the user's keeps its key in its own variable, which is let through by name", () => {
    const settings = {
      config: { model_provider: "p", "model_providers.p": { base_url: "http://h/v1", env_key: "P_KEY" } },
      env: ["P_REGION"],
    };
    const order = orderFor({ settings, env: { P_KEY: "secret", OPENAI_API_KEY: "other", HOME: "/nobody" } });
    expect(codex.passesFor?.(settings)).toEqual(["P_REGION", "P_KEY"]);
    expect(codex.providerOf?.(null, settings)).toBe("p");
    expect(codex.providerOf?.(null, {})).toBe("openai");
    expect(codex.launch(order).env).toMatchObject({ P_KEY: "secret", CODEX_HOME: path.join(order.home, "codex") });
    expect(codex.launch(order).env).not.toHaveProperty("OPENAI_API_KEY");
    expect(config({ settings })).toContain('"model_providers" = { "p" = { "base_url" = "http://h/v1", "env_key" = "P_KEY" } }');
    expect(() => codex.launch(orderFor({ settings: { model: "x" } }))).toThrow(expect.objectContaining({ code: "HARNESS_SETTINGS" }));
  });

  test("[harness.codex.attach] a person goes on in the same thread, with the session's own folder", () => {
    const attached = codex.attach?.({ binary: "/bin/codex", cwd: "/tree", cliSession: THREAD, home: "/session" });
    expect(attached).toEqual({ argv: ["/bin/codex", "resume", THREAD, "--cd", "/tree"], env: { CODEX_HOME: "/session/codex" } });
  });

  test("[harness.codex.diagnose] an end that says why is a problem; any other is not", () => {
    const end = (stderr: string, code: number | null = 1) => codex.diagnose?.({ code, signal: null, stderr }) ?? null;
    expect(end("WARNING: x\nthread 'main' panicked at src/main.rs:1")).toMatchObject({ kind: "crash" });
    expect(end("error: unexpected argument '--x'")).toMatchObject({ kind: "request", message: "error: unexpected argument '--x'" });
    expect([end("bye"), end("thread 'main' panicked at x", 0)]).toEqual([null, null]);
  });
});

test("[harness.codex.sign-in] by a file or a variable of the person's, or the one its provider names", () => {
  const home = tempDir("home");
  const look = (env: Record<string, string>, settings = {}) => codex.signIn?.({ CODEX_HOME: home, ...env }, settings);
  expect(look({})).toEqual({ found: false, fix: expect.stringContaining("codex login") });
  expect(look({ OPENAI_API_KEY: "sk-x" })).toEqual({ found: true, by: "OPENAI_API_KEY" });
  const config = { model_provider: "own", model_providers: { own: { base_url: "http://127.0.0.1:1", env_key: "OWN_KEY" } } };
  expect(look({ OPENAI_API_KEY: "sk-x" }, { config })).toEqual({ found: false, fix: "set OWN_KEY" });
  expect(look({ OWN_KEY: "k" }, { config })).toEqual({ found: true, by: "OWN_KEY" });
  writeFileSync(path.join(home, "auth.json"), "never read");
  expect(look({ OPENAI_API_KEY: "sk-x" })).toEqual({ found: true, by: path.join(home, "auth.json") });
});

describe("[harness.codex.binary] the native binary is found", () => {
  const ELF = Buffer.concat([Buffer.from("7f454c46", "hex"), Buffer.alloc(8)]);
  function file(place: string, content: string | Buffer): string {
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, content);
    chmodSync(place, 0o755);
    return place;
  }
  const [inside = ""] = codexNatives();

  test("behind npm's wrapper, which is not started: beside it or nested in it", () => {
    for (const parent of ["node_modules/@openai", "node_modules/@openai/codex/node_modules/@openai"]) {
      const folder = tempDir("npm");
      const wrapper = file(path.join(folder, "node_modules/@openai/codex/bin/codex.js"), "#!/usr/bin/env node\n");
      const native = file(path.join(folder, parent, inside), ELF);
      mkdirSync(path.join(folder, "bin"));
      symlinkSync(wrapper, path.join(folder, "bin/codex"));
      expect(findCodex({ PATH: path.join(folder, "bin") })).toBe(native);
    }
  });

  test("by the names of every platform; nothing where there is none", () => {
    expect(codexNatives("linux", "arm64")).toEqual(["codex-linux-arm64/vendor/aarch64-unknown-linux-musl/bin/codex"]);
    expect(codexNatives("darwin", "x64")).toEqual(["codex-darwin-x64/vendor/x86_64-apple-darwin/bin/codex"]);
    expect(codexNatives("sunos", "x64")).toEqual([]);
    expect(findCodex({ PATH: tempDir("empty") })).toBeNull();
  });

  test("an old version is missing, with the way out", async () => {
    const folder = tempDir("old");
    file(path.join(folder, "codex"), "#!/bin/sh\necho codex-cli 0.99.1\n");
    const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder };
    expect(await codex.detect(env)).toMatchObject({
      found: false,
      why: expect.stringContaining("0.99.1 is too old"),
      fix: expect.stringContaining("npm"),
    });
    file(path.join(folder, "codex"), "#!/bin/sh\necho codex-cli 0.170.0\n");
    expect(await codex.detect(env)).toMatchObject({ found: true, version: "0.170.0" });
  });
});
