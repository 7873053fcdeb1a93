import { defineConfig } from "tsdown";

/** One bundle with every dependency inside: nothing to install at `npx`, and a fast start. Heavy parts are lazy chunks. */
export default defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  outDir: "dist",
  outExtensions: () => ({ js: ".mjs" }),
  noExternal: [/.*/],
  inlineOnly: false,
  // Its main file is a UMD module, whose parts no bundler finds.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  dts: false,
  clean: true,
  treeshake: true,
  // React's checks of components are for whoever writes them.
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [
    {
      // What Ink loads with DEV=true in the environment: a debugger that is not there.
      name: "ink-without-debugger",
      load: (id) => (id.endsWith("/ink/build/devtools.js") ? "export {};" : null),
    },
  ],
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
