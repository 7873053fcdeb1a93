/** Swarms that stand still, as logs in a repository, with a host that answers and acts for nobody. */
import path from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import type { SwarmId } from "../../../src/base/ids.ts";
import { hostPlaces } from "../../../src/engine/host/places.ts";
import { choosePort } from "../../../src/engine/host/records.ts";
import { type HostSocket, listenAnywhere } from "../../../src/engine/host/socket.ts";
import { openFileStore } from "../../../src/store/file/store.ts";
import type { Stuck } from "../../domain/stuck.ts";
import { quiet } from "../../engine/support/repository.ts";
import type { TestRepo } from "../../support/repo.ts";
import { skep } from "./skep.ts";

const homeOf = (repo: TestRepo): string => path.join(repo.commonDir, "skep");

/** Their logs, as if a host had written them. */
export async function keepSwarms(repo: TestRepo, swarms: readonly Stuck[]): Promise<void> {
  const store = await openFileStore(homeOf(repo), { logger: quiet, watch: false, clock: systemClock });
  for (const { world } of swarms) {
    const { log, close } = await store.create(world.state.id as SwarmId);
    for (const [seq, { command, at, events }] of world.history.entries())
      await log.append(seq, { at, by: "engine", command: command.type, events });
    await log.sync();
    await close();
  }
}

/** It holds the leases of these swarms. */
export async function idleHost(repo: TestRepo): Promise<HostSocket> {
  const socket = await listenAnywhere(homeOf(repo), "h1");
  choosePort(hostPlaces(homeOf(repo)), 1, socket.port);
  socket.open((_, response) => response.writeHead(404).end());
  return socket;
}

/** What differs from run to run. */
export const timeless = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\.\d+Z)?/g, "<time>");

const helps = new Map<string, Promise<string>>();

/** A command's own page; empty when there is no such command. */
const help = (name: string): Promise<string> => {
  const known = helps.get(name) ?? skep([name, "--help"]).then(({ code, stdout }) => (code === 0 ? stdout : ""));
  helps.set(name, known);
  return known;
};

/** Commands behind "Next:" that do not exist, or that do not know an option they are given. */
export async function unknownSteps(text: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [command, name = ""] of text.matchAll(/(?<=Next: )skep ([a-z]+)[^\n]*/g)) {
    const page = await help(name);
    if (page === "") wrong.push(command);
    for (const [option] of command.matchAll(/--[a-z]+/g)) if (!page.includes(option)) wrong.push(`${command}: ${option}`);
  }
  return wrong;
}
