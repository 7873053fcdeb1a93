/** What a place may do is said to its agent CLI in each step anew: who only reads is started without the tools that write. */
import { afterEach, expect, test } from "vitest";
import { claudeRig } from "../e2e/support/fake-claude.ts";
import { circlingScripts, closeRigs, events, finds, of, together, untilEnd } from "../e2e/support/together.ts";

afterEach(closeRigs);

const READS = "Bash,Read,Glob,Grep";
const WRITES = "Bash,Read,Edit,Write,Glob,Grep";

test("[mode.e2e.read-only] developers in the places of reviewers cannot write, nor can the worker while it analyses", async () => {
  const seats = ["worker", "rev_a", "rev_b"].map((place) => ({ place, role: "developer" }));
  const wanted = {
    mode: { kind: "circling", seats, rounds: 1 } as const,
    scripts: circlingScripts(1, "converged"),
    result: [finds("mended in 1")],
  };
  const { rig, swarm } = await together(wanted, claudeRig);
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  const cli = new Map(of(all, "session_started").map((event) => [event.session, event.cli]));
  const tools: Record<string, string | undefined> = {};
  for (const { session, job } of of(all, "session_wanted")) {
    if (job.kind !== "collab" && job.kind !== "task") continue;
    const args = rig.args(cli.get(session) ?? "");
    tools[job.kind === "collab" ? `${job.place} ${job.step}` : "result"] = args[args.indexOf("--tools") + 1];
  }
  const reviewers = [1, 2, 3, 4].flatMap((step) => [`rev_a ${step}`, `rev_b ${step}`]);
  expect(tools).toEqual({
    ...{ "worker 1": WRITES, "worker 2": READS, "worker 3": WRITES, "worker 4": WRITES, result: WRITES },
    ...Object.fromEntries(reviewers.map((name) => [name, READS])),
  });
}, 200_000);
