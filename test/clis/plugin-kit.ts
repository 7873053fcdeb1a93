/** For drivers of the plugin in real clients: a repository, the published command as `npx` finds it, a model that obeys. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../../src/proc/run.ts";
import { TOOLS } from "../../src/tools/index.ts";
import type { Reply } from "../model/dialect.ts";
import { type Script, startModelServer } from "../model/server.ts";
import { makeRepo } from "../support/repo.ts";
import { requireLoopbackOnly } from "./namespace.ts";

export const KEY = "made-up-key-4711";
/** Of a team there is not, so that nothing is started. */
const ORDER = { goal: "Add a json flag & say so", team: "no-such-team" };

export interface Place {
  /** Where the client works. */
  readonly repo: string;
  readonly home: string;
  readonly model: Awaited<ReturnType<typeof startModelServer>>;
  readonly env: Readonly<Record<string, string>>;
  /** Starts the client's program there. */
  client(...args: string[]): ReturnType<typeof run>;
}

/** @param build of skep, which `npx -y skep` starts @param env what the client needs beside home, path and language */
export async function makePlace(
  program: string,
  build: string,
  env: (modelUrl: string) => Readonly<Record<string, string>>,
): Promise<Place> {
  requireLoopbackOnly();
  const repo = makeRepo().root;
  const [home, bin] = ["home", "bin"].map((name) => path.join(process.cwd(), name)) as [string, string];
  for (const folder of [home, bin]) mkdirSync(folder);
  const npx = `#!/bin/sh\n[ "$1 $2" = "-y skep" ] || exit 9\nshift 2\nexec ${process.execPath} ${path.join(build, "dist/main.mjs")} "$@"\n`;
  writeFileSync(path.join(bin, "npx"), npx, { mode: 0o755 });
  const model = await startModelServer(obey);
  const whole = { PATH: `${bin}:${process.env.PATH}`, HOME: home, LANG: "C.UTF-8", ...env(model.url) };
  return {
    ...{ repo, home, model, env: whole },
    client: (...args) => run([program, ...args], { cwd: repo, env: whole, timeoutMs: 150_000, maxOutput: 512 * 1024 }),
  };
}

const say = (text: string): Reply => ({ text, call: null, sleepMs: 0, fault: null });
const call = (name: string, input: Readonly<Record<string, unknown>>): Reply => ({ ...say(""), call: { name, input } });

/** Calls the first tool of skep's that the newest message names, looked up first where the client hides it, and repeats its answer. */
const obey: Script = (_, { tools, items }) => {
  const at = items.findLastIndex(({ kind }) => kind === "message");
  const message = items[at];
  const since = items.slice(at + 1);
  const text = message?.kind === "message" ? message.text : "";
  const wanted = firstTool(text);
  if (wanted === null) return say("nothing was asked");
  const calls = since.flatMap((item) => (item.kind === "model" ? item.calls : []));
  const last = since.at(-1);
  const answer = last?.kind === "result" ? last.text : "";
  if (calls.some(({ name }) => name.endsWith(wanted))) return say(`${wanted} answered: ${answer}`);
  const name = [...tools, ...(answer.match(/\bmcp__\w+/g) ?? [])].find((one) => one.endsWith(wanted));
  if (name !== undefined) return call(name, wanted === "swarm_create" ? ORDER : {});
  return tools.includes("ToolSearch") && calls.length === 0 ? call("ToolSearch", { query: `skep ${wanted}` }) : say(`no tool ${wanted}`);
};

function firstTool(text: string): string | null {
  const found = TOOLS.map(({ name }) => ({ name, at: text.indexOf(name) })).filter(({ at }) => at >= 0);
  return found.sort((a, b) => a.at - b.at)[0]?.name ?? null;
}

/** What the model was told last, and the tools of skep's it was led to. */
export function told({ requests }: Place["model"]): { readonly message: string; readonly called: readonly string[] } {
  const items = requests.filter(({ items }) => items.length > 0).at(-1)?.items ?? [];
  const message = items.findLast(({ kind }) => kind === "message");
  const called = items.flatMap((item) => (item.kind === "model" ? item.calls.map(({ name }) => name) : []));
  return { message: message?.kind === "message" ? message.text : "", called };
}

/** A turn in which the model found skep's tools: a client may begin one while the server is still coming up. */
export async function led<T>(model: Place["model"], turn: () => Promise<T>, tries = 5): Promise<T & ReturnType<typeof told>> {
  const seen = { ...(await turn()), ...told(model) };
  return tries === 1 || seen.called.some((name) => /swarm_[a-z]+$/.test(name)) ? seen : led(model, turn, tries - 1);
}
