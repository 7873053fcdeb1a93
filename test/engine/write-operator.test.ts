/** A letter of skep's own: a host that dies before it is recorded is followed by one that writes it again. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SwarmId } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import { react } from "../../src/domain/react.ts";
import { writeOperator } from "../../src/engine/effects/write-operator.ts";
import { openFileStore } from "../../src/store/file/store.ts";
import { upTo, working } from "../domain/supervision-kit.ts";
import { tempDir } from "../support/temp.ts";

const ID = "s-test" as SwarmId;
const OPTIONS = { logger: createLogger("test", "silent"), watch: false, clock: systemClock };

test("[supervision.letter] written again by another process, also after it was read, it lies in the inbox once", async () => {
  const world = working();
  upTo(world, 2);
  const owed = react(world.state, world.now).effects.find(({ kind }) => kind === "write_operator");
  if (owed?.kind !== "write_operator") throw new Error("no letter is owed");
  const place = tempDir("letters");
  await (await openFileStore(place, OPTIONS)).create(ID);
  const write = async () => {
    const store = await openFileStore(place, OPTIONS);
    const { mail, close } = await store.open(ID);
    const { record } = await writeOperator(owed, { swarm: { mail, state: world.state } } as never);
    return { mail, record, close };
  };
  const first = await write();
  expect(first.record).toMatchObject({ type: "record_written", session: "x3" });
  const second = await write();
  const [letter] = await second.mail.list("operator", ["stored"]);
  expect(await second.mail.list("operator", ["stored"])).toHaveLength(1);
  expect(await second.mail.read("operator", [letter ?? ""])).toMatchObject([{ from: "skep", kind: "system", subject: "dev-0 is stuck" }]);
  await second.mail.see("operator", letter ?? "", { session: "operator", proof: "tool" });
  const third = await write();
  expect(await third.mail.list("operator", ["stored", "offered", "seen"])).toHaveLength(1);
  await Promise.all([first, second, third].map(({ close }) => close()));
});
