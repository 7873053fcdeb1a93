import { type Inotify, readInotify } from "../../proc/inotify.ts";
import { type DoctorCheck, type Look, ok, warn } from "./check.ts";

const WHAT = "watching";
/** A host watches three files of a swarm; what agents start, such as a test runner that watches, wants far more. */
const WATCHES_LEFT = 1_000;
/** One for each host, the others for what agents start. */
const INSTANCES_LEFT = 8;
/** What editors ask for. */
const MANY_WATCHES = 524_288;
const MANY_INSTANCES = 512;

/** The kernel's limits on watched files, which all programs of a user share. */
export const inotify: DoctorCheck = async () => looksAt(readInotify());

export function looksAt(seen: Inotify | null): readonly Look[] {
  if (seen === null) return [];
  const n = (value: number): string => value.toLocaleString("en");
  const { instances, maxInstances, watches, maxWatches } = seen;
  const both = `${n(watches)} of ${n(maxWatches)} watches and ${n(instances)} of ${n(maxInstances)} watchers are in use`;
  const polls = `${both}; without one the host looks by the clock, and agents' tools may fail`;
  const raise = (name: string, to: number): string => `sudo sysctl fs.inotify.${name}=${to} (and in /etc/sysctl.d, to keep it)`;
  const few: Look[] = [];
  if (maxWatches - watches < WATCHES_LEFT)
    few.push(warn(WHAT, "inotify-watches", polls, raise("max_user_watches", Math.max(MANY_WATCHES, 2 * maxWatches))));
  if (maxInstances - instances < INSTANCES_LEFT)
    few.push(warn(WHAT, "inotify-instances", polls, raise("max_user_instances", Math.max(MANY_INSTANCES, 2 * maxInstances))));
  return few.length > 0 ? few : [ok(WHAT, both)];
}
