/** A program that draws a screen and then meets an error nobody catches. */
import type { WriteStream } from "node:tty";
import { systemClock } from "../../../../src/base/clock.ts";
import { openScreen } from "../../../../src/cli/watch/screen.ts";

const stdout = process.stdout as WriteStream & { fd: 1 };
const screen = openScreen({ stdin: process.stdin, stdout, onKey: fail, onResize: () => undefined });
screen.draw(["drawn on the other screen"]);

function fail(): void {
  systemClock.after(0, () => {
    throw new Error("nobody caught this");
  });
}
