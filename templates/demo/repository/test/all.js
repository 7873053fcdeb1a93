/** Every test in one process. */
import { readdirSync } from "node:fs";

const folder = new URL(".", import.meta.url);
for (const name of readdirSync(folder).sort()) if (name.endsWith(".test.js")) await import(new URL(name, folder));
