/** A repository with its swarms, as one process sees it. */
import path from "node:path";
import type { Clock } from "../base/clock.ts";
import type { SwarmId } from "../base/ids.ts";
import type { Logger } from "../base/logger.ts";
import { decide } from "../domain/decide.ts";
import { evolve } from "../domain/evolve.ts";
import type { State } from "../domain/model.ts";
import { emptyState } from "../domain/state.ts";
import type { HostFacts } from "../domain/why-host.ts";
import { findProject, type ProjectHints } from "../git/project.ts";
import { withLock } from "../store/file/courtesy.ts";
import { openFileStore } from "../store/file/store.ts";
import type { Store, SwarmStore } from "../store/ports.ts";
import type { Born, CreateOrder, Project } from "./api.ts";
import { type AuditWish, createAudit } from "./audit/create.ts";
import { baseCatalog, type CatalogOrder } from "./base-catalog.ts";
import { type Birth, createSwarm } from "./create-swarm.ts";
import type { LiveSwarm } from "./host/context.ts";
import { hostFacts, ownFacts } from "./host/facts.ts";
import { runningProgram } from "./host/program.ts";
import { hostDown, wantHost } from "./host/want.ts";
import { STALE_MS } from "./lease.ts";
import type { Rules } from "./ledger.ts";
import type { PipelineList, Preview, PreviewOrder } from "./pipeline/order.ts";
import type { Harnesses, SettingsOrder } from "./settings.ts";
import { openSwarmHandle } from "./swarm-handle.ts";

export interface ProjectOptions extends ProjectHints {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly harnesses: Harnesses;
  /** Tools by duty, to check role files that name some. */
  readonly tools?: SettingsOrder["tools"];
  /** True in the host alone: it follows files by events. */
  readonly watch?: boolean;
  /** argv that starts this program; the one that runs now unless given. */
  readonly program?: readonly [string, ...string[]];
  readonly staleMs?: number;
  /** False where no process may be left in the background: `wantHost` answers false at once. */
  readonly startHost?: boolean;
}

const HOST_WAIT_MS = 15_000;

/** Throws NO_PROJECT and its kin with what to do. */
export async function openProject(options: ProjectOptions): Promise<StoredProject> {
  const { root, commonDir } = await findProject(options);
  const home = path.join(commonDir, "skep");
  const store = await openFileStore(home, { logger: options.logger, watch: options.watch ?? false, clock: options.clock });
  return new StoredProject(root, home, store, options);
}

export class StoredProject implements Project {
  readonly root: string;
  readonly home: string;
  readonly store: Store;
  readonly #options: ProjectOptions;
  readonly #rules: Rules;
  readonly #open = new Map<SwarmId, Promise<Opened>>();

  constructor(root: string, home: string, store: Store, options: ProjectOptions) {
    this.root = root;
    this.home = home;
    this.store = store;
    this.#options = options;
    this.#rules = { decide, evolve, emptyState, clock: options.clock };
  }

  swarms(): Promise<readonly SwarmId[]> {
    return this.store.list();
  }

  async open(swarm: SwarmId): Promise<LiveSwarm> {
    const known = this.#open.get(swarm);
    if (known) {
      const opened = await known.catch(() => null);
      if (opened && (await isUsable(opened.handle))) return opened.handle;
      // A log that failed is closed for good; another opening reads what is really there.
      await this.#forget(swarm, known);
    }
    return (await this.#keep(swarm, this.store.open(swarm))).handle;
  }

  create(order: CreateOrder): Promise<Born> {
    return this.#bear((birth) => createSwarm(order, birth));
  }

  async pipelines(): Promise<PipelineList> {
    const { listPipelines } = await import("./pipeline/read.ts");
    const at = await this.#base();
    return listPipelines(at.root, at.base, await baseCatalog(at));
  }

  async previewPipeline(order: PreviewOrder): Promise<Preview> {
    const { previewRun } = await import("./pipeline/preview.ts");
    const { env, harnesses } = this.#options;
    return previewRun(order, { ...(await this.#base()), env, harnesses, swarms: await this.#readable() });
  }

  async outlook({ team, flags }: Pick<CreateOrder, "team" | "flags">): Promise<Readonly<State>> {
    const { swarmOutlook } = await import("./outlook.ts");
    const { env, harnesses } = this.#options;
    return swarmOutlook({ ...(await this.#base()), team, flags, env, harnesses, swarms: await this.#readable() });
  }

  /** The commit a swarm made now would start on. */
  async #base(): Promise<CatalogOrder> {
    const { tools } = this.#options;
    const { head } = await findProject({ explicit: this.root, env: {}, cwd: this.root });
    return { root: this.root, base: head, ...(tools ? { tools } : {}) };
  }

  /** An audit of reviewers on what was merged here. Throws NOTHING_TO_AUDIT and what `create` throws. */
  audit(wish: AuditWish): Promise<Born> {
    const repo = { root: this.root, commonDir: path.dirname(this.home) };
    return this.#bear((birth) => createAudit(wish, birth, repo));
  }

  async #bear(making: (birth: Birth) => Promise<Born>): Promise<Born> {
    const { clock, logger, env, harnesses, tools } = this.#options;
    const birth = {
      root: this.root,
      home: this.home,
      env,
      harnesses,
      ...(tools ? { tools } : {}),
      swarms: () => this.#readable(),
      place: async (id: SwarmId) => (await this.#keep(id, this.store.create(id))).handle,
    };
    // Two calls with one goal at the same time are to find each other.
    const born = await withLock(path.join(this.home, "create"), () => making(birth), { clock, logger });
    await this.wantHost();
    return born;
  }

  async wantHost(timeoutMs = HOST_WAIT_MS): Promise<boolean> {
    const { clock, logger, env, startHost = true, watch = false, staleMs = STALE_MS, program = runningProgram() } = this.#options;
    if (!startHost) return false;
    // The host that answers this very call would only be asked by itself over the network.
    if (watch) return true;
    return wantHost({ home: this.home, root: this.root, program, env, clock, logger, timeoutMs, staleMs });
  }

  /** Why no host can be had just now: the last words of one that would not stay up; null when nothing speaks against it. */
  hostDown(): Promise<string | null> {
    return hostDown(this.home, this.#options.clock);
  }

  async hostFacts(): Promise<HostFacts | null> {
    const { clock, startHost = true, watch = false } = this.#options;
    if (!startHost) return null;
    return watch ? ownFacts(this.home) : hostFacts(this.home, clock);
  }

  /** Lets go of a swarm nothing is owed for; a later `open` reads it anew. */
  async release(swarm: SwarmId): Promise<void> {
    const known = this.#open.get(swarm);
    if (known) await this.#forget(swarm, known);
  }

  async close(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.release(id);
  }

  async #readable(): Promise<readonly LiveSwarm[]> {
    const opened = await Promise.allSettled((await this.swarms()).map((id) => this.open(id)));
    // A damaged swarm says so when it is asked for; it does not stand in the way of a new one.
    return opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }

  #keep(swarm: SwarmId, opening: Promise<SwarmStore>): Promise<Opened> {
    const opened = opening.then(async (store) => ({ store, handle: await openSwarmHandle(store, this.#rules) }));
    this.#open.set(swarm, opened);
    opened.catch(() => this.#open.delete(swarm));
    return opened;
  }

  async #forget(swarm: SwarmId, known: Promise<Opened>): Promise<void> {
    if (this.#open.get(swarm) === known) this.#open.delete(swarm);
    const opened = await known.catch(() => null);
    await opened?.store.close();
  }
}

interface Opened {
  readonly store: SwarmStore;
  readonly handle: LiveSwarm;
}

async function isUsable(handle: LiveSwarm): Promise<boolean> {
  try {
    await handle.refresh();
    return true;
  } catch {
    return false; // opening it again tells why
  }
}
