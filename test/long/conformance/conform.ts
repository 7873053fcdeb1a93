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

/** Scenarios of the suite that its authors do not hold back themselves, for servers of a revision. */
const PENDING: ReadonlySet<string> = new Set(["json-schema-2020-12", "server-sse-polling"]);

export async function scenariosOf(revision: string): Promise<readonly Scenario[]> {
  const [program, script] = (await conformanceTool()).argv;
  const { stdout } = await promisify(execFile)(program, [script, "list", "--server"]);
  const listed = [...stdout.matchAll(/^\s*- (\S+) \[(.*)\]$/gm)];
  return listed.flatMap(([, name = "", revisions = ""]) => (revisions.split(",").includes(revision) && !PENDING.has(name) ? [name] : []));
}

function run([program, script]: readonly [string, string], url: string, scenario: Scenario): Promise<Outcome> {
  const folder = tempDir("skep-conformance");
  const args = [script, "server", "--url", url, "--scenario", scenario, "--output-dir", folder];
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
