/** Runs scenarios of the MCP conformance tool against one HTTP endpoint. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { tempDir } from "../../support/temp.ts";
import { conformanceTool } from "./install.ts";
import { authorizingProxy } from "./proxy.ts";

/** What every server must pass; lists a server does not declare are left out by the caller. */
const GENERIC = ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"] as const;
/** Of the product: also the lists it declares. `server-sse-multiple-streams` warns where there are no connections. */
export const OF_PRODUCT = [...GENERIC, "resources-list", "prompts-list", "server-sse-multiple-streams"] as const;
/** Of the product where it speaks 2026-07-28: all that ask for no tool, resource or prompt of the suite's own. */
export const MODERN_OF_PRODUCT = [
  "server-stateless",
  "tools-list",
  "resources-list",
  "prompts-list",
  "sep-2164-resource-not-found",
  "server-sse-multiple-streams",
  "dns-rebinding-protection",
  "caching",
  "http-header-validation",
  "input-required-result-unsupported-methods",
] as const;
export type Scenario = string;

export interface Outcome {
  readonly scenario: Scenario;
  readonly passed: boolean;
  /** Name and status of every single check, as the tool wrote them down. */
  readonly checks: readonly { readonly id: string; readonly status: string; readonly error?: string }[];
  readonly output: string;
}

export async function conform(url: string, token: string, scenarios: readonly Scenario[] = GENERIC): Promise<readonly Outcome[]> {
  const tool = await conformanceTool();
  const proxy = await authorizingProxy(url, token);
  try {
    const outcomes: Outcome[] = [];
    for (const scenario of scenarios) outcomes.push(await run(tool.argv, proxy.url, scenario));
    return outcomes;
  } finally {
    await proxy.close();
  }
}

/** The same for revision 2026-07-28. */
export async function conformModern(url: string, token: string, scenarios: readonly Scenario[]): Promise<readonly Outcome[]> {
  const tool = await conformanceTool("next");
  const proxy = await authorizingProxy(url, token);
  try {
    const outcomes: Outcome[] = [];
    for (const scenario of scenarios) outcomes.push(await run(tool.argv, proxy.url, scenario, "--spec-version", "2026-07-28"));
    return outcomes;
  } finally {
    await proxy.close();
  }
}

export interface Required {
  /** By scenario, those the revision does not require left out: extensions, and those the suite holds back. */
  readonly scored: Readonly<Record<string, "passed" | "failed">>;
  readonly exitCode: number;
  readonly output: string;
}

/** Everything the suite requires of a revision, and what it says of it. */
export async function requirementsOf(revision: string, url: string, token: string): Promise<Required> {
  const [program, script] = (await conformanceTool("next")).argv;
  const proxy = await authorizingProxy(url, token);
  const folder = tempDir("skep-conformance");
  const args = [script, "server", "--url", proxy.url, "--requirements", revision, "--output-dir", folder];
  try {
    const { output, exitCode } = await new Promise<{ output: string; exitCode: number }>((resolve) => {
      execFile(program, args, { cwd: folder, timeout: 150_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
        resolve({ output: stdout, exitCode: error ? Number(error.code ?? 1) : 0 }),
      );
    });
    const [, summary = ""] = output.split("=== SUMMARY ===");
    const unscored = new Set([...summary.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map(([, name]) => name));
    const all = [...summary.matchAll(/^([✓✗]) (\S+): \d/gm)].filter(([, , name]) => !unscored.has(name));
    return {
      output: summary,
      exitCode,
      scored: Object.fromEntries(all.map(([, mark, name]) => [name, mark === "✓" ? "passed" : "failed"])),
    };
  } finally {
    await proxy.close();
  }
}

/** Scenarios of the suite that its authors do not hold back themselves, for servers of a revision. */
const PENDING: ReadonlySet<string> = new Set(["json-schema-2020-12", "server-sse-polling"]);

export async function scenariosOf(revision: string): Promise<readonly Scenario[]> {
  const [program, script] = (await conformanceTool()).argv;
  const { stdout } = await promisify(execFile)(program, [script, "list", "--server"]);
  const listed = [...stdout.matchAll(/^\s*- (\S+) \[(.*)\]$/gm)];
  return listed.flatMap(([, name = "", revisions = ""]) => (revisions.split(",").includes(revision) && !PENDING.has(name) ? [name] : []));
}

function run([program, script]: readonly [string, string], url: string, scenario: Scenario, ...more: string[]): Promise<Outcome> {
  const folder = tempDir("skep-conformance");
  const args = [script, "server", "--url", url, "--scenario", scenario, "--output-dir", folder, ...more];
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, timeout: 60_000 }, (error, stdout, stderr) => {
      const checks = readChecks(folder);
      // A scenario that checked nothing has shown nothing, whatever its exit code.
      const passed = !error && checks.length > 0 && checks.every((check) => check.status !== "FAILURE");
      resolve({ scenario, passed, checks, output: `${stdout}${stderr}` });
    });
  });
}

function readChecks(folder: string): Outcome["checks"] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => path.basename(file) === "checks.json");
  return files.flatMap((file) =>
    (JSON.parse(readFileSync(path.join(folder, file), "utf8")) as { id: string; status: string; errorMessage?: string }[]).map(
      ({ id, status, errorMessage }) => ({ id, status, ...(errorMessage === undefined ? {} : { error: errorMessage }) }),
    ),
  );
}
