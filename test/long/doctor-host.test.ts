/** `skep doctor` and a host that answers late, or not at all. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { hostPlaces } from "../../src/engine/host/places.ts";
import { choosePort, holderRecord } from "../../src/engine/host/records.ts";
import { homeMark } from "../../src/engine/host/socket.ts";
import { thisProcess } from "../../src/proc/identity.ts";
import { skep } from "../cli/support/skep.ts";
import { makeRepo } from "../support/repo.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** This process is the project's host, and leaves the first `missed` questions without an answer. */
async function doctorAt(missed: number): Promise<{ code?: string; mark: string; found: string } | undefined> {
  const repo = makeRepo();
  const home = path.join(repo.commonDir, "skep");
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (asked > missed) response.end(JSON.stringify({ home: homeMark(home), holder: thisProcess().id, ready: true }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const places = hostPlaces(home);
  choosePort(places, 1, port);
  await holderRecord(places).write({ holder: thisProcess(), port, at: 1, version: "0.0.1" });
  const { stdout } = await skep(["doctor", "--json"], { cwd: repo.root });
  return (JSON.parse(stdout) as { looks: { what: string; mark: string; found: string }[] }).looks.find(({ what }) => what === "host");
}

test("[seen.doctor] a host that misses questions is asked again; one that answers none is silent", async () => {
  const busy = await doctorAt(2);
  expect(busy).toMatchObject({ code: "host-other-version", found: expect.stringMatching(/^runs as \d+, without a keeper/) });
  const stuck = await doctorAt(1_000);
  expect(stuck).toMatchObject({
    mark: "warn",
    code: "host-silent",
    found: expect.stringMatching(new RegExp(`^${process.pid} runs and does not answer`)),
  });
});
