/** The letters the view shows: looked at four times a second, opened once. */
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { newestMail } from "../../../src/cli/watch/letters.ts";
import { openMemoryStore } from "../../../src/store/memory/store.ts";
import { id, World } from "../../domain/world.ts";

test("[watch.mail] the newest letters of all inboxes are shown and stay unread, and each is opened once", async () => {
  const { state } = World.started();
  const { mail } = await openMemoryStore({ clock: systemClock }).create(state.id);
  let opened = 0;
  const counted = new Proxy(mail, {
    get(target, name) {
      if (name === "read") opened += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const look = newestMail({ mail: counted, look: async (select) => select(state) }, 2);
  expect(await look()).toEqual([]);
  const letter = { from: "dev-0", kind: "note", body: "b" } as const;
  await mail.send({ ...letter, to: "operator", subject: "first" });
  const second = await mail.send({ ...letter, to: id.seat("queen"), subject: "second" });
  await mail.send({ ...letter, to: "operator", subject: "third" });
  const rows = await look();
  expect(rows).toMatchObject([
    { to: "queen", subject: "second", unread: true, yours: false },
    { to: "you", subject: "third", unread: true, yours: true },
  ]);
  expect(await look()).toBe(rows);
  expect(await mail.list("operator", ["stored"])).toHaveLength(2);
  await mail.see(id.seat("queen"), second.id, { session: "x1", proof: "tool" });
  expect((await look()).map(({ subject, unread }) => [subject, unread])).toEqual([
    ["second", false],
    ["third", true],
  ]);
  expect(opened).toBe(2);
});
