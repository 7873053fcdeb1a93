/** How many bytes of source there are. The last number printed is the one that counts. */
import { readdirSync, readFileSync } from "node:fs";

const sizes = readdirSync("src").map((name) => readFileSync(`src/${name}`).length);
console.log("bytes", sizes.reduce((sum, size) => sum + size, 0));
