/**
 * For drivers: the installed product on a repository of its own, with real agent CLIs behind its seats. The product's command
 * is the operator; keeper, host, sessions and the scripted model share a network namespace in which there is only loopback.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parsePlaybook } from "../../src/agent/playbook.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { mintToken, sha256 } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import type { Event } from "../../src/domain/events.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { openProject } from "../../src/engine/project.ts";
import { HARNESSES, harnessIds } from "../../src/harness/index.ts";
import { identify } from "../../src/proc/identity.ts";
import { run } from "../../src/proc/run.ts";
import { startModelServer } from "../model/server.ts";
import { makeRepo } from "../support/repo.ts";
import { until } from "../support/until.ts";
import { requireLoopbackOnly } from "./namespace.ts";
import { filesWithToken, lookAtProcesses, type Seen, tokensIn } from "./token-hunt.ts";

export interface RigOrder {
  /** Folders of the real CLIs, first in the PATH. */
  readonly bins: readonly string[];
  /** The built repository. */
  readonly build: string;
  readonly playbook: string;
  /** What the CLIs need to reach the scripted model. */
  env(modelUrl: string): Readonly<Record<string, string>>;
  /** Files of the repository; `.skep/config.yaml` among them. */
  files(modelUrl: string): Readonly<Record<string, string>>;
}
export type SwarmRig = Awaited<ReturnType<typeof swarmRig>>;

/** A token of our own, which the hunt must find where it is. */
const PROBE = mintToken();

export async function swarmRig({ bins, build, playbook, env: more, files }: RigOrder) {
  requireLoopbackOnly();
  const place = process.cwd();
  const [home, skep] = [path.join(place, "home"), path.join(place, "skep")];
  mkdirSync(home);
  // As installed: the build, the roles and the teams beside it.
  for (const part of ["dist", "roles", "rules", "templates", "package.json"])
    cpSync(path.join(build, part), path.join(skep, part), { recursive: true });
  const model = await startModelServer(parsePlaybook(playbook, "swarm.yaml"));
  const env = { PATH: `${bins.join(":")}:${process.env.PATH}`, HOME: home, LANG: "C.UTF-8", ...more(model.url) };
  const repo = makeRepo();
  const head = repo.commit(files(model.url));
  const command = (...args: string[]) =>
    run([process.execPath, path.join(skep, "dist/main.mjs"), ...args], { cwd: repo.root, env, timeoutMs: 600_000 });
  const begun = systemClock.monotonic();
  const over = new AbortController();
  const seen: Seen = { argv: new Set(), environ: new Set() };
  const watching = (async () => {
    while (!over.signal.aborted) {
      lookAtProcesses(seen);
      await sleep(200, over.signal);
    }
  })();
  const project = await openProject({
    ...{ clock: systemClock, logger: createLogger("test", "silent"), env, cwd: repo.root, explicit: repo.root },
    harnesses: new Map(harnessIds.map((id) => [id, HARNESSES[id]])),
    startHost: false,
  });
  const hostFile = (name: string): string => path.join(project.home, "host", name);
  const text = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const happened = async (swarm: LiveSwarm): Promise<{ at: number; event: Event }[]> =>
    (await swarm.events(0)).flatMap(({ at, events }) => events.map((event) => ({ at, event })));

  return {
    ...{ place, model, repo, head, command, project, happened },
    /** Since the rig stood. */
    seconds: (): number => Math.round((systemClock.monotonic() - begun) / 100) / 10,
    hostLog: (): string => text(hostFile("host.log")),
    hostPid: (): number => (JSON.parse(text(hostFile("holder.json"))) as { holder: { pid: number } }).holder.pid,
    /** The one swarm, as soon as it is there. */
    async swarm(): Promise<LiveSwarm> {
      const [id] = await until(async () => ((await project.swarms()).length > 0 ? project.swarms() : null), {
        ...{ what: "a swarm", timeoutMs: 30_000 },
      });
      if (!id) throw new Error("no swarm");
      return until(() => project.open(id).catch(() => null), { what: "its log" });
    },
    /** What a person reads when a drive went wrong: the swarm's events, then the host's last words. */
    async story(): Promise<string> {
      const [id] = await project.swarms();
      const told = id ? await happened(await project.open(id)) : [];
      const begin = told[0]?.at ?? 0;
      const lines = told.map(({ at, event }) => `${at - begin} ${event.type} ${JSON.stringify(event).slice(0, 300)}`);
      return `${lines.join("\n")}\n${text(hostFile("host.log")).slice(-6_000)}\n${JSON.stringify(model.faults)}\n`;
    },
    /** Where tokens of the swarm's sessions were met; a token of the test's own is found. */
    hunt(events: readonly Event[]) {
      const hashes = new Set(events.flatMap((event) => (event.type === "token_minted" ? [event.tokenHash] : [])));
      return {
        tokens: hashes.size,
        control: tokensIn(`{"a":"Bearer ${PROBE}"}`, new Set([sha256(PROBE)])),
        model: model.raw.filter((one) => tokensIn(one, hashes) > 0).length,
        argv: [...seen.argv].filter((one) => tokensIn(one, hashes) > 0).length,
        environ: [...seen.environ].filter((one) => tokensIn(one, hashes) > 0).length,
        files: [place, repo.root].flatMap((folder) => filesWithToken(folder, hashes)),
        looked: { argv: seen.argv.size, environ: seen.environ.size },
      };
    },
    landed: () => ({
      log: repo.git("log", "--format=%s", `${head}..HEAD`).split("\n"),
      branch: repo.git("rev-parse", "--abbrev-ref", "HEAD"),
      files: repo.git("ls-files", "src", "test").split("\n"),
      status: repo.git("status", "--porcelain"),
    }),
    async close(): Promise<void> {
      over.abort();
      await watching;
      for (const name of ["keeper", "holder"]) {
        const record = JSON.parse(text(hostFile(`${name}.json`)) || "{}") as Record<string, { pid?: number; start?: string } | null>;
        const { pid, start } = record[name] ?? {};
        if (pid === undefined || identify(pid) !== start) continue;
        process.kill(pid, "SIGTERM");
        await until(() => identify(pid) !== start, { what: `the end of the ${name}` });
      }
      await project.close();
      await model.close();
    },
  };
}

/** Attempts to reach what is not on loopback: the kernel counts them. */
export function strayed(): number {
  const [names = "", values = ""] = readFileSync("/proc/net/snmp", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("Ip:"));
  return Number(values.split(" ")[names.split(" ").indexOf("OutNoRoutes")]);
}
