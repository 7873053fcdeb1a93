/** A main file of the tests as one bundle, as the product is one: a process is up in a tenth of the time. */
import path from "node:path";

/** @param main a main file of tests. Answers the path of the bundle. */
export async function bundle(main: string, outDir: string): Promise<string> {
  const { build } = await import("tsdown"); // it takes long to load, and most files find their bundle made
  await build({
    config: false,
    cwd: path.resolve(import.meta.dirname, "../.."),
    entry: { main },
    format: "esm",
    platform: "node",
    target: "node20",
    outDir,
    outExtensions: () => ({ js: ".mjs" }),
    noExternal: [/.*/],
    inlineOnly: false,
    dts: false,
    logLevel: "error",
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  });
  return path.join(outDir, "main.mjs");
}
