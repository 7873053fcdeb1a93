/**
 * Every place where the chaos runner can make a process of the product fail: before and after each. They exist in the
 * program the runner builds for itself and nowhere else: the shipped one has no such switch, so nobody can throw it. Loads nothing
 * of the product: what is loaded before its functions of `node:fs` are exchanged keeps the real ones.
 */
import type { EFFECTS } from "../../src/engine/effects/index.ts";

export type Effect = keyof typeof EFFECTS;
export type Place = StorePlace | `effect.${Effect}`;
export type Failpoint = `${"before" | "after"} ${Place}`;
/** What the product does to a file there. */
export type Operation = "write" | "sync" | "link" | "rename" | "touch";

interface StoreRule {
  readonly does: Operation;
  /** The file that is written, or the name a rename or link gives, below the project's state folder. */
  readonly file: RegExp;
  /** Met while a host or a swarm is begun, hardly ever later. */
  readonly early?: true;
  readonly text?: RegExp;
}

const MAIL = "^swarms/[^/]+/mail/[^/]+";
/** The first that fits counts. */
const STORE = {
  "lease.write": { does: "write", file: /^swarms\/[^/]+\/events\.jsonl$/, text: /"command":"take_lease"/ },
  "lease.beat": { does: "touch", file: /^swarms\/[^/]+\/beat$/ },
  "log.write": { does: "write", file: /^swarms\/[^/]+\/events\.jsonl$/ },
  "log.sync": { does: "sync", file: /^swarms\/[^/]+\/events\.jsonl$/ },
  "swarm.rename": { does: "rename", file: /^swarms\/[^/]+$/, early: true },
  "mail.write": { does: "write", file: new RegExp(`${MAIL}/tmp/`) },
  "mail.sync": { does: "sync", file: new RegExp(`${MAIL}/tmp/`) },
  "mail.key": { does: "link", file: new RegExp(`${MAIL}/key/`) },
  "mail.store": { does: "rename", file: new RegExp(`${MAIL}/new/`) },
  "mail.folder": { does: "sync", file: new RegExp(`${MAIL}/new$`) },
  "mail.offer": { does: "rename", file: new RegExp(`${MAIL}/offered/`) },
  "mail.see": { does: "rename", file: new RegExp(`${MAIL}/cur/`) },
  "artifact.write": { does: "write", file: /^swarms\/[^/]+\/artifacts\/[^/]+\.tmp$/ },
  "artifact.rename": { does: "rename", file: /^swarms\/[^/]+\/artifacts\/[^/]+$/ },
  "host.port": { does: "link", file: /^host\/port-\d+$/, early: true },
  "host.write": { does: "write", file: /^host\/holder\.json\.[^/]+\.tmp$/, early: true },
  "host.rename": { does: "rename", file: /^host\/holder\.json$/, early: true },
  "keeper.rename": { does: "rename", file: /^host\/keeper\.json$/, early: true },
} as const satisfies Readonly<Record<string, StoreRule>>;
type StorePlace = keyof typeof STORE;

export const STORE_PLACES = Object.keys(STORE) as readonly StorePlace[];

export const placeOf = (point: Failpoint): Place => point.slice(point.indexOf(" ") + 1) as Place;

const ruleOf = (point: Failpoint): StoreRule | null => (STORE as Readonly<Record<string, StoreRule>>)[placeOf(point)] ?? null;

/** Must be armed before the swarm is begun, or it is not met any more. */
export const isEarly = (point: Failpoint): boolean => ruleOf(point)?.early === true || placeOf(point) === "effect.open_swarm";

export const operationAt = (point: Failpoint): Operation | "effect" => ruleOf(point)?.does ?? "effect";

/** The place an operation of the store is at. `file` is relative to the state folder. */
export function storePlace(does: Operation, file: string, text: () => string = () => ""): StorePlace | null {
  for (const place of STORE_PLACES) {
    const rule: StoreRule = STORE[place];
    if (rule.does === does && rule.file.test(file) && (rule.text === undefined || rule.text.test(text()))) return place;
  }
  return null;
}
