import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createLogger } from "../../src/base/logger.ts";
import { occupy } from "../../src/engine/host/occupy.ts";
import { hostPlaces } from "../../src/engine/host/places.ts";
import { thisProcess } from "../../src/proc/identity.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const servers = (): number => process.getActiveResourcesInfo().filter((what) => what === "TCPServerWrap").length;

test("[host.occupy.failed] a host that cannot write down its port or its name lets go of the port, so that its process ends and another is started", async () => {
  const home = tempDir();
  const order = { home, self: thisProcess(), clock: systemClock, logger: createLogger("test", "silent"), staleMs: 1_000, replace: false };
  const before = servers();
  const letGo = () => until(() => servers() === before, { what: "the port was let go", timeoutMs: 2_000 });
  const places = hostPlaces(home);
  const nowhere = { ...places, port: () => path.join(places.dir, "missing", "port-1") };
  await expect(occupy({ ...order, places: nowhere })).rejects.toThrow("ENOENT");
  await letGo();
  mkdirSync(places.holder);
  await expect(occupy({ ...order, places })).rejects.toThrow("EISDIR");
  await letGo();
});
