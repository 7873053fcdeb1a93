/** What a look of `skep doctor` is: it changes nothing, and says what it found, what is wrong with it and how to mend it. */
import type { Clock } from "../../base/clock.ts";
import type { Inspection } from "../../engine/damage/index.ts";
import type { Settings } from "../../engine/settings.ts";
import type { Project } from "../../git/project.ts";
import type { Harness } from "../../harness/harness.ts";
import type { Code } from "./codes.ts";

export type Mark = "ok" | "warn" | "fail";

export interface Look {
  /** What was looked at, in one word: `node`, `claude`. */
  readonly what: string;
  readonly mark: Mark;
  /** With warn and fail: what it is, the same in every version. */
  readonly code?: Code;
  /** One line. Foreign text in it is quoted. */
  readonly found: string;
  /** What to do; given with warn and fail. */
  readonly fix?: string;
}

/** What the looks share; null where it could not be had, which is one look's to say. */
export interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly node: string;
  readonly clock: Clock;
  readonly version: string;
  readonly harnesses: ReadonlyMap<string, Harness>;
  readonly project: Project | Error;
  /** Of the commit that is checked out: what a swarm started now would work by. */
  readonly settings: Settings | Error | null;
  /** Of the swarms there are; null: there never was one. */
  readonly inspection: Inspection | null;
}

export type DoctorCheck = (around: Around) => Promise<readonly Look[]>;

export const ok = (what: string, found: string): Look => ({ what, mark: "ok", found });
export const warn = (what: string, code: Code, found: string, fix: string): Look => ({ what, mark: "warn", code, found, fix });
export const fail = (what: string, code: Code, found: string, fix: string): Look => ({ what, mark: "fail", code, found, fix });
