/**
 * The groups this process must not leave behind. A detached child survives its parent's exit, so an exit hook ends what is
 * still registered. After SIGKILL of this process nothing runs: then the next lease holder ends them by pid and start time.
 */
import { killNow } from "./tree.ts";

const live = new Set<number>();
let hooked = false;

export function registerGroup(leader: number): void {
  if (!hooked) {
    hooked = true;
    process.on("exit", () => {
      for (const pid of live) killNow(pid);
    });
  }
  live.add(leader);
}

export function forgetGroup(leader: number): void {
  live.delete(leader);
}
