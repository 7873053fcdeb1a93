/** The version of the package this runs from. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { packageRoot } from "../../catalog/shipped.ts";

const manifest = z.looseObject({ version: z.string() });

export const version = (): string => manifest.parse(JSON.parse(readFileSync(path.join(packageRoot(), "package.json"), "utf8"))).version;
