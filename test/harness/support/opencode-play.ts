/** Sessions of the fake OpenCode, and what they asked of it. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mintUuid } from "../../../src/base/ids.ts";
import type { LaunchOrder } from "../../../src/harness/harness.ts";
import { opencode } from "../../../src/harness/opencode.ts";
import { tempDir } from "../../support/temp.ts";
import { event, lines, OPENCODE_DIALECT, SETTINGS, status } from "./opencode-dialect.ts";
import { orderFor } from "./order.ts";
import { watch } from "./watch.ts";

export { SETTINGS };
export const order = (change: Partial<LaunchOrder> = {}): LaunchOrder =>
  orderFor({ binary: OPENCODE_DIALECT.fake, settings: SETTINGS, ...change });
export const START = { $: "wait", for: "start" };
export const MESSAGE = { $: "wait", for: "message" };
export const idle = lines(status("idle"), event("session.idle"));
export const failed = (name: string, data: Readonly<Record<string, unknown>>) => event("session.error", { error: { name, data } });

export async function play(stream: readonly unknown[], change: Partial<LaunchOrder> = {}) {
  const folder = tempDir("stream");
  const [file, log] = [path.join(folder, "stream.jsonl"), path.join(folder, "log.jsonl")];
  writeFileSync(file, stream.map((line) => JSON.stringify(line)).join("\n"));
  const given = order(change);
  const session = await watch(opencode, { ...given, env: { ...given.env, FAKE_STREAM: file, FAKE_LOG: log } });
  const asked = (): readonly { path: string; body: Record<string, unknown> }[] =>
    readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .flatMap((line) => {
        const { stdin } = JSON.parse(line) as { stdin?: string };
        return stdin === undefined ? [] : [JSON.parse(stdin)];
      });
  return { session, given, asked };
}
export const say = (session: Awaited<ReturnType<typeof play>>["session"], text = "go", urgency: "next" | "now" = "next") =>
  session.deliver(text, mintUuid(), urgency);
