import { existsSync } from "node:fs";
import path from "node:path";

const BUILT = path.resolve(import.meta.dirname, "../dist/main.mjs");

/** The built program. */
export const MAIN: string = existsSync(BUILT) ? BUILT : missing();

function missing(): never {
  throw new Error("dist/main.mjs is missing; run: npm run build");
}
