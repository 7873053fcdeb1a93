/**
 * Puts the failpoints under a process: the functions of `node:fs` that the store's promises rest on, and the wall clock.
 * Imported first by the chaos program, so that everything behind it meets these. Does nothing without the control folder.
 */
import fs, { type PathLike } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { type Act, type Arm, CONTROL, controlPlaces, type Program } from "./control.ts";
import { type Failpoint, type Operation, type Place, storePlace } from "./failpoints.ts";

const real = { ...fs };
const STATE = `${path.sep}.git${path.sep}skep${path.sep}`;

class Injector {
  readonly #places;
  readonly #program: Program | "other";
  readonly #met = new Set<string>();

  constructor(dir: string) {
    this.#places = controlPlaces(dir);
    const [command] = process.argv.slice(2);
    this.#program = command === "serve" ? "host" : command === "keeper" || command === "mcp" ? command : "other";
  }

  /** Dies, or answers with the error to be thrown; "tear" is for writes. */
  at(point: Failpoint): Act | null {
    if (!this.#met.has(point)) {
      this.#met.add(point);
      real.appendFileSync(path.join(this.#places.met, String(process.pid)), `${point}\n`);
    }
    for (const id of real.readdirSync(this.#places.armed)) {
      const act = this.#claim(id, point);
      if (act === "kill") die();
      if (act !== null) return act;
    }
    return null;
  }

  #claim(id: string, point: Failpoint): Act | null {
    const file = path.join(this.#places.armed, id);
    try {
      const arm = JSON.parse(real.readFileSync(file, "utf8")) as Arm;
      if (arm.point !== point || (arm.who !== "any" && arm.who !== this.#program)) return null;
      real.renameSync(file, path.join(this.#places.fired, `${id}@${process.pid}`));
      return arm.act;
    } catch {
      return null; // it happened to another process, or was taken back
    }
  }

  /** What a write meets while the disk is broken. */
  get disk(): string | null {
    return readOrNull(this.#places.disk);
  }

  get clock(): number {
    return Number(readOrNull(this.#places.clock) ?? 0);
  }
}

function readOrNull(file: string): string | null {
  try {
    return real.readFileSync(file, "utf8");
  } catch {
    return null; // nothing is wrong
  }
}

/** The signal may be a moment on its way; nothing more may happen meanwhile. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
}

const errno = (code: string, syscall: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: chaos, ${syscall}`), { code, syscall, errno: -1 });

let injector: Injector | null = null;
const names = new Map<number, string>();

const inState = (file: string): string | null => {
  const at = file.indexOf(STATE);
  return at < 0 ? null : file.slice(at + STATE.length);
};

function placeOf(does: Operation, file: PathLike | number, text?: () => string): Place | null {
  const name = typeof file === "number" ? names.get(file) : String(file);
  const below = name === undefined ? null : inState(name);
  return below === null ? null : storePlace(does, below, text);
}

/** Around an operation that is done when it returns. */
function around<T>(place: Place | null, syscall: string, work: () => T): T {
  if (place === null || injector === null) return work();
  const before = injector.at(`before ${place}`) ?? injector.disk;
  if (before !== null) throw errno(before === "tear" ? "EIO" : before, syscall);
  const done = work();
  const after = injector.at(`after ${place}`);
  // Done all the same: the caller is told otherwise, as by a disk that fails at the last moment.
  if (after !== null) throw errno(after, syscall);
  return done;
}

function write(fd: number, bytes: Uint8Array): number {
  const place = placeOf("write", fd, () => Buffer.from(bytes).toString("utf8", 0, 4_096));
  if (place === null || injector === null) return real.writeSync(fd, bytes);
  const act = injector.at(`before ${place}`);
  if (act === "tear") {
    real.writeSync(fd, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    die();
  }
  const broken = act ?? injector.disk;
  // As a full disk does it: a part is taken, and no error told.
  if (broken === "ENOSPC") return real.writeSync(fd, bytes.subarray(0, bytes.length >> 1));
  if (broken !== null) throw errno(broken, "write");
  const count = real.writeSync(fd, bytes);
  const after = injector.at(`after ${place}`);
  if (after !== null) throw errno(after === "tear" ? "EIO" : after, "write");
  return count;
}

type Done = (error: NodeJS.ErrnoException | null) => void;
function sync(how: (fd: number, done: Done) => void, fd: number, done: Done): void {
  const place = placeOf("sync", fd);
  const at = (phase: "before" | "after"): Act | null => (place === null ? null : (injector?.at(`${phase} ${place}`) ?? null));
  const fail = (act: Act): NodeJS.ErrnoException => errno(act === "tear" ? "EIO" : act, "fsync");
  const before = at("before");
  if (before !== null) {
    queueMicrotask(() => done(fail(before)));
    return;
  }
  how(fd, (error) => {
    const after = error === null ? at("after") : null;
    done(after === null ? error : fail(after));
  });
}

function inject(): void {
  const dir = process.env[CONTROL];
  if (dir === undefined) return;
  injector = new Injector(dir);
  const patched = {
    openSync(file: PathLike, ...rest: unknown[]) {
      const fd = (real.openSync as (...args: unknown[]) => number)(file, ...rest);
      names.set(fd, String(file));
      return fd;
    },
    closeSync(fd: number) {
      names.delete(fd);
      real.closeSync(fd);
    },
    writeSync: (fd: number, bytes: Uint8Array, ...rest: unknown[]) =>
      rest.length === 0 && typeof bytes !== "string"
        ? write(fd, bytes)
        : (real.writeSync as (...args: unknown[]) => number)(fd, bytes, ...rest),
    fdatasync: (fd: number, done: Done) => sync(real.fdatasync, fd, done),
    fsync: (fd: number, done: Done) => sync(real.fsync, fd, done),
    linkSync: (from: PathLike, to: PathLike) => around(placeOf("link", to), "link", () => real.linkSync(from, to)),
    renameSync: (from: PathLike, to: PathLike) => around(placeOf("rename", to), "rename", () => real.renameSync(from, to)),
    utimesSync: (file: PathLike, at: number, mt: number) => around(placeOf("touch", file), "utimes", () => real.utimesSync(file, at, mt)),
  };
  Object.assign(fs, patched);
  syncBuiltinESMExports();
  stepClock(injector);
}

/** Looked up at most every 20 ms: the clock is asked often. */
function stepClock(from: Injector): void {
  const now = Date.now;
  let [offset, read] = [0, Number.NEGATIVE_INFINITY];
  const { monotonic } = systemClock;
  Date.now = () => {
    if (monotonic() - read > 20) [offset, read] = [from.clock, monotonic()];
    return now() + offset;
  };
}

/** For the host's own watch over its effects. */
export function atEffect(phase: "before" | "after", kind: string): void {
  const act = injector?.at(`${phase} effect.${kind}` as Failpoint) ?? null;
  if (act !== null && phase === "before") throw errno(act, kind);
}

inject();
