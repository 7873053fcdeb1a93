import { expect, test } from "vitest";
import { cleanEnv, NETWORK_VARIABLES } from "../../src/proc/env.ts";

const SOURCE = {
  PATH: "/bin",
  HOME: "/home/u",
  LC_ALL: "C",
  LC_TOKEN: "x",
  EDITOR: "vi",
  GIT_DIR: "/elsewhere",
  CLAUDECODE: "1",
  CLAUDE_CODE_SESSION_ID: "s",
  CODEX_HOME: "/c",
  SKEP_TOKEN: "t",
  SKEP_PROJECT: "/p",
  MY_API_KEY: "k",
  DB_PASSWORD: "p",
  HTTPS_PROXY: "http://proxy",
  EMPTY: undefined,
};

test("[proc.env] only the allow-list goes from one program to another", () => {
  expect(cleanEnv(SOURCE)).toEqual({ PATH: "/bin", HOME: "/home/u", LC_ALL: "C" });
});

test("[proc.env.scrub] secrets, git redirections and session variables stay out even when passed by name", () => {
  const names = Object.keys(SOURCE);
  expect(cleanEnv(SOURCE, { CI: "1" }, names)).toEqual({
    PATH: "/bin",
    HOME: "/home/u",
    LC_ALL: "C",
    EDITOR: "vi",
    HTTPS_PROXY: "http://proxy",
    CI: "1",
  });
  expect(cleanEnv(SOURCE, {}, NETWORK_VARIABLES)).toMatchObject({ HTTPS_PROXY: "http://proxy" });
});
