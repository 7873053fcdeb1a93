/** A store that lives and dies with its process: for tests, and the proof that the ports hold no file notion. */
import { type Clock, systemClock } from "../../base/clock.ts";
import { quote, SkepError } from "../../base/errors.ts";
import { isId, type SwarmId, sha256 } from "../../base/ids.ts";
import { isAlive } from "../../proc/identity.ts";
import type { Artifacts, Holder, Store, SwarmStore } from "../ports.ts";
import { type LogData, MemoryLog } from "./log.ts";
import { type MailData, MemoryMail } from "./mail.ts";
import { Signals } from "./signals.ts";

export interface MemoryStoreOptions {
  readonly clock?: Clock;
  /** Who still runs; by default the truth about processes of this machine. */
  readonly alive?: (holder: Holder) => "yes" | "no" | "unknown";
}

interface SwarmData {
  readonly log: LogData;
  readonly mail: MailData;
  readonly artifacts: Map<string, string>;
  readonly onLog: Signals;
  readonly onMail: Signals;
}

/** Every `open` of one swarm is another view of the same data, as if by another process. */
export function openMemoryStore({ clock = systemClock, alive = isAlive }: MemoryStoreOptions = {}): Store {
  const swarms = new Map<SwarmId, SwarmData>();
  const onSwarms = new Signals(clock);

  function view(swarm: SwarmId, data: SwarmData): SwarmStore {
    const log = new MemoryLog(data.log, data.onLog, alive);
    const mail = new MemoryMail(data.mail, data.onMail, clock);
    return { swarm, log, mail, artifacts: memoryArtifacts(data.artifacts), close: () => log.close() };
  }

  return {
    async list() {
      return [...swarms.keys()].sort();
    },
    async open(swarm) {
      const data = swarms.get(swarm);
      if (!data) throw new SkepError("NO_SWARM", `there is no swarm ${quote(swarm)}`, "list the swarms with swarm_list or skep status");
      return view(swarm, data);
    },
    async create(swarm) {
      if (!isId(swarm)) throw new SkepError("BAD_ID", `${quote(swarm)} is no valid id`, "use an id as the listing shows it");
      if (swarms.has(swarm))
        throw new SkepError("SWARM_EXISTS", `there is a swarm ${quote(swarm)} already`, "open it, or create one under another id");
      const data: SwarmData = {
        log: { lines: [], beats: 0 },
        mail: { inboxes: new Map(), keys: new Map() },
        artifacts: new Map(),
        onLog: new Signals(clock),
        onMail: new Signals(clock),
      };
      swarms.set(swarm, data);
      onSwarms.ring();
      return view(swarm, data);
    },
    mark: (swarm) => swarms.get(swarm)?.log.lines.length.toString() ?? null,
    changes: (signal) => onSwarms.changes(signal),
  };
}

function memoryArtifacts(texts: Map<string, string>): Artifacts {
  return {
    async put(text) {
      const sha = sha256(text);
      texts.set(sha, text);
      return sha;
    },
    async get(sha) {
      const text = texts.get(sha);
      if (text === undefined)
        throw new SkepError(
          "ARTIFACT_MISSING",
          `there is no stored text ${quote(sha)}`,
          "restore the swarm's artifacts folder from a backup",
        );
      return text;
    },
  };
}
