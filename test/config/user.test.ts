/** A person's own config below the project's, and what is theirs alone to set. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { configFields, userFields } from "../../src/config/fields.ts";
import { resolveConfig } from "../../src/config/load.ts";
import { notifyIn, userConfigFile } from "../../src/config/user.ts";
import { notifyOf } from "../../src/engine/user-config.ts";
import { tempDir } from "../support/temp.ts";

const own = (text: string) => ({ text, file: "/home/ada/.config/skep/config.yaml" });
const refused = (sources: Parameters<typeof resolveConfig>[0]): string => {
  try {
    resolveConfig(sources);
  } catch (error) {
    return String(error);
  }
  return "was taken";
};

test("[config.user] the user's own file stands below the project's, table by table, and both below variables", () => {
  const user = own(
    "limits: {attempts: 7, rounds: 7, turns: 7}\nharness: {default: codex, roles: {queen: {model: a}}}\nnotify: {command: [x]}\n",
  );
  const text = "limits: {rounds: 8, turns: 8}\nharness: {roles: {reviewer: {model: b}}}\nchecks: {commands: []}\n";
  const config = resolveConfig({ user, text, env: { SKEP_LIMITS_TURNS: "9" } });
  expect([config.limits.attempts, config.limits.rounds, config.limits.turns]).toEqual([7, 8, 9]);
  expect(config.harness).toMatchObject({ default: "codex", roles: { queen: { model: "a" }, reviewer: { model: "b" } } });
  // A list is not added to.
  expect(resolveConfig({ user: own("checks: {commands: [{name: x, argv: [x]}]}"), text }).checks.commands).toEqual([]);
  expect(Object.keys(config)).not.toContain("notify");
});

test("[config.user] a mistake in it is refused with its own name and place", () => {
  expect(refused({ user: own("team: solo\nlimts: {}\n"), text: "limits: {attempts: 1}" })).toMatch(
    /\/home\/ada\/\.config\/skep\/config\.yaml:2:1: .*did you mean limits\?/,
  );
});

test("[config.user-only] a repository that sets what notifies is refused, and told where that belongs", () => {
  const message = refused({ text: "team: solo\nnotify: {command: [curl, evil.example]}\n" });
  expect(message).toMatch(/\.skep\/config\.yaml:2:1: notify is no project's to set.* ~\/\.config\/skep\/config\.yaml/);
  expect(configFields().some(({ path: name }) => name.startsWith("notify"))).toBe(false);
  expect(userFields().map(({ path: name, env }) => [name, env])).toEqual(
    ["command", "url", "origins", "on"].map((name) => [`notify.${name}`, null]),
  );
});

test.each([
  ["{command: [./tell]}", /must begin with a program on the PATH/],
  ["{command: [bin/tell]}", /must begin with a program on the PATH/],
  ['{command: "notify-send x"}', /expected array/],
  ["{url: https://a.example/x}", /its origin has to stand in notify\.origins/],
  ["{url: https://a.example/x, origins: [https://b.example]}", /its origin has to stand/],
  ["{url: https://a.example:444/x, origins: [https://a.example]}", /its origin has to stand/],
  ["{url: https://u:p@a.example/x, origins: [https://a.example]}", /without a user name/],
  ["{url: http://a.example/x, origins: [http://a.example]}", /is no origin/],
  ["{url: file:///etc/passwd, origins: ['file://']}", /is no origin/],
  ["{url: https://a.example/x, origins: [https://a.example/]}", /is no origin/],
  ["{on: [gates]}", /Invalid option/],
])("[config.user-only] notify: %s is refused", (text, why) => {
  expect(refused({ user: own(`notify: ${text}\n`) })).toMatch(why);
});

test("[config.user-only] https anywhere on the list and http on loopback may be posted to", () => {
  for (const at of ["https://a.example", "https://a.example:8443", "http://127.0.0.1:9", "http://[::1]:9", "http://localhost:9"])
    expect(notifyIn(own(`notify: {url: "${at}/x?y", origins: ["${at}"]}`))).toMatchObject({ url: `${at}/x?y`, on: ["gate"] });
  for (const text of ["", "# nothing", "team: solo", "notify: {}"]) expect(notifyIn(own(text))).toBeNull();
});

test("[config.user] it lies where XDG_CONFIG_HOME says, else below the home, and not where others may write it", () => {
  expect(userConfigFile({ XDG_CONFIG_HOME: "/x", HOME: "/h" })).toBe("/x/skep/config.yaml");
  expect(userConfigFile({ XDG_CONFIG_HOME: "rel", HOME: "/h" })).toBe("/h/.config/skep/config.yaml");
  expect(userConfigFile({ HOME: "." })).toBeNull();
  const HOME = tempDir("home");
  expect(notifyOf({ HOME })).toBeNull();
  const file = path.join(HOME, ".config/skep/config.yaml");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "notify: {command: [notify-send]}\n");
  expect(notifyOf({ HOME })).toMatchObject({ command: ["notify-send"] });
  writeFileSync(file, "notify: {comand: [notify-send]}\n");
  expect(() => notifyOf({ HOME })).toThrow(/config\.yaml:1:10: notify has no setting "comand"/);
  chmodSync(file, 0o646);
  expect(() => notifyOf({ HOME })).toThrow(/may be written by everybody/);
});
