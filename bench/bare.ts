import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";

/** The least a durable file costs: written, synced, renamed into place, and its folder synced, as a name is data too. */
export function bareStore(folder: string, name: string, text: string): void {
  const temporary = path.join(folder, `.${name}`);
  const file = openSync(temporary, "wx");
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path.join(folder, name));
  const dir = openSync(folder, "r");
  fsyncSync(dir);
  closeSync(dir);
}
