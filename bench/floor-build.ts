import path from "node:path";
import { build, type InlineConfig } from "tsdown";
import product from "../tsdown.config.ts";

/** Bundles the floor server into `folder` with the very options skep itself is built with. */
export async function buildFloor(folder: string): Promise<string> {
  await build({
    ...(product as InlineConfig),
    config: false,
    entry: { floor: path.join(import.meta.dirname, "floor-server.ts") },
    outDir: folder,
    logLevel: "error",
  });
  return path.join(folder, "floor.mjs");
}
