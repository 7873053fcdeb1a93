/** How the runner tells the processes of a round what goes wrong: a folder of small files. What was met is written there too. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Failpoint } from "./failpoints.ts";

/** Names the folder to a round's own processes. Agents never see it: nothing of skep's is in their environment. */
export const CONTROL = "SKEP_CHAOS";

export type Program = "host" | "keeper" | "mcp";
export type Act = "kill" | "tear" | "ENOSPC" | "EIO";
export interface Arm {
  readonly id: string;
  readonly point: Failpoint;
  readonly who: Program | "any";
  readonly act: Act;
}

export interface ControlPlaces {
  readonly dir: string;
  readonly armed: string;
  readonly fired: string;
  readonly met: string;
  /** While it exists every write of the store fails with the error it names. */
  readonly disk: string;
  /** Milliseconds by which the clock of every process is off. */
  readonly clock: string;
}

export const controlPlaces = (dir: string): ControlPlaces => ({
  dir,
  armed: path.join(dir, "armed"),
  fired: path.join(dir, "fired"),
  met: path.join(dir, "met"),
  disk: path.join(dir, "disk"),
  clock: path.join(dir, "clock"),
});

/** The runner's side. */
export class Control {
  readonly places: ControlPlaces;

  constructor(dir: string) {
    this.places = controlPlaces(dir);
    for (const folder of [this.places.armed, this.places.fired, this.places.met]) mkdirSync(folder, { recursive: true });
  }

  arm(arm: Arm): void {
    const draft = path.join(this.places.dir, `${arm.id}.draft`);
    writeFileSync(draft, JSON.stringify(arm));
    renameSync(draft, path.join(this.places.armed, arm.id));
  }

  /** The process that it happened to, null when it was not met yet. */
  firedBy(id: string): number | null {
    const name = readdirSync(this.places.fired).find((file) => file.startsWith(`${id}@`));
    return name === undefined ? null : Number(name.slice(id.length + 1));
  }

  disarm(): void {
    for (const name of readdirSync(this.places.armed)) rmSync(path.join(this.places.armed, name), { force: true });
    rmSync(this.places.disk, { force: true });
  }

  breakDisk(errno: "ENOSPC" | "EIO"): void {
    writeFileSync(this.places.disk, errno);
  }

  mendDisk(): void {
    rmSync(this.places.disk, { force: true });
  }

  setClock(offsetMs: number): void {
    writeFileSync(`${this.places.clock}.draft`, String(offsetMs));
    renameSync(`${this.places.clock}.draft`, this.places.clock);
  }

  /** Every failpoint that a process of this round came by. */
  met(): ReadonlySet<string> {
    const files = readdirSync(this.places.met).map((name) => readFileSync(path.join(this.places.met, name), "utf8"));
    return new Set(files.flatMap((text) => text.split("\n").filter(Boolean)));
  }
}
