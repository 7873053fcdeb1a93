/** Mail whose reader will not come: kept, shown, and sent on by the operator. */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { SeatId } from "../../src/base/ids.ts";
import { sendOn } from "../../src/engine/dead-letters.ts";
import { lease } from "../engine/support/born.ts";
import { projectAt } from "../engine/support/repository.ts";
import { endHosts, hostedRepo, skep } from "./support/skep.ts";

afterEach(endHosts);

const OPERATOR = { kind: "operator" } as const;
const [DEV0, DEV1] = ["dev-0", "dev-1"] as SeatId[] as [SeatId, SeatId];

test("[engine.mail.dead] letters to a stopped agent, in an ended swarm, and damaged ones are kept, shown with why, and sent on once", async () => {
  const repo = hostedRepo();
  const project = await projectAt(repo.root);
  const { handle } = await project.create({ goal: "Add a parser", team: "minimal", flags: { "harness.default": "scripted" } });
  await handle.submit(lease(0), { kind: "engine", epoch: 0 });
  await handle.submit({ type: "pause_swarm" }, OPERATOR);
  const send = (to: SeatId, subject: string) => handle.mail.send({ from: "queen", to, kind: "note", subject, body: "Mind the tabs." });
  const first = await send(DEV1, "tabs \u001b[31m");
  await send(DEV0, "still read");
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await skep(["dead-letters", handle.id, ...args], { cwd: repo.root });
    return { code, out: code === 0 ? stdout : stderr };
  };
  expect(await cli()).toEqual({ code: 0, out: "No dead letters.\n" });
  expect(await handle.submit({ type: "stop_seat", seat: DEV1 }, OPERATOR)).toMatchObject({ ok: true });
  expect(await cli()).toEqual({ code: 0, out: `${first.id}  queen to dev-1, "tabs \\\\u001b[31m": dev-1 was stopped\n` });
  const status = await skep(["status", handle.id], { cwd: repo.root });
  expect(status.stdout).toContain(`1 message nobody will read: skep dead-letters ${handle.id}\n`);

  await expect(sendOn(handle, first.id, DEV1)).rejects.toMatchObject({ code: "NOT_ALLOWED", message: "dev-1 is stopped" });
  await expect(sendOn(handle, first.id, "dev-9" as SeatId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await cli("--resend", first.id, "--to", "dev-0")).toEqual({ code: 0, out: "dev-0: stored\n" });
  await expect(sendOn(handle, first.id, DEV0)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("no dead letter"),
  });
  const got = await handle.mail.read(DEV0, await handle.mail.list(DEV0, ["stored"]));
  expect(got.map(({ from, subject, body }) => [from, subject, body])).toEqual([
    ["queen", "still read", "Mind the tabs."],
    ["queen", "tabs \u001b[31m", "Mind the tabs."],
  ]);

  const inbox = path.join(project.home, "swarms", handle.id, "mail", DEV0, "new");
  const [damaged = ""] = readdirSync(inbox).sort();
  writeFileSync(path.join(inbox, damaged), "{torn");
  await handle.submit({ type: "stop_swarm", why: "enough" }, OPERATOR);
  const ended = await cli();
  expect(ended.out.split("\n")).toEqual([
    `${damaged.split(".")[0]}  to dev-0: its file cannot be read`,
    expect.stringMatching(/^\S+ {2}queen to dev-0, "tabs .*": the swarm is stopped$/),
    "",
  ]);
  await expect(sendOn(handle, first.id, DEV0)).rejects.toMatchObject({
    code: "NOT_ALLOWED",
    next: `skep run --continue-from ${handle.id}`,
  });
  await project.close();
}, 60_000);
