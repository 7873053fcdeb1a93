/** `skep notify`: tries what your own config says of being told. */
import { SkepError } from "../base/errors.ts";
import { userConfigFile } from "../config/user.ts";
import type { Notice } from "../domain/notice.ts";
import { CHANNELS, send } from "../engine/notify/send.ts";
import { notifyOf } from "../engine/user-config.ts";
import { findProject } from "../git/project.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText, openTerminal } from "./shell/terminal.ts";

const TEST: Notice = {
  ...{ event: "test", swarm: "s-test", title: "a test", next: "skep status" },
  headline: "skep asks you nothing: a test",
  text: "s-test: this is how skep tells you that a swarm waits for you",
};

export const run = command<Common>("notify", {
  about:
    "Send yourself a notification, in each way that notify in ~/.config/skep/config.yaml sets, and say what became of it. Hosts do the same when a gate opens.",
  options: [PROJECT, JSON_OUT],
  examples: ["skep notify"],
  exits: { failed: "one of them did not get through" },
  async act(_args, { project, json }) {
    const { env } = process;
    const set = notifyOf(env);
    if (set === null)
      throw new SkepError(
        "NOTHING_SET",
        "nothing notifies you",
        `set notify.command or notify.url in ${userConfigFile(env) ?? "~/.config/skep/config.yaml"}`,
      );
    const root = await findProject({ explicit: project, env, cwd: process.cwd() }).then(
      (found) => found.root,
      () => process.cwd(),
    );
    const signal = new AbortController().signal;
    const ways = CHANNELS.filter((channel) => set[channel] !== null);
    const sent = await Promise.all(ways.map(async (by) => ({ by, problem: await send(by, set, TEST, { env, root, signal }) })));
    const terminal = openTerminal();
    if (json) terminal.print(jsonText({ sent }));
    else for (const { by, problem } of sent) terminal.print(`${by}: ${problem ?? "sent"}`);
    return sent.some(({ problem }) => problem !== null) ? EXIT.failed : EXIT.ok;
  },
});
