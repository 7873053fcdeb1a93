/** From starting the process to the list of tools: `skep mcp` against a bundled server with one tool on the same SDK. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { MAIN } from "./built.ts";
import type { Figure } from "./figure.ts";
import { buildFloor } from "./floor-build.ts";
import { pairs } from "./pairs.ts";
import { inTempDir } from "./stage.ts";
import { BareClient } from "./stdio-client.ts";

const PAIRS = 40;

export const start = (): Promise<Figure> =>
  inTempDir(async (dir) => {
    const floor = await buildFloor(path.join(dir, "floor"));
    for (const args of [
      ["init", "-q"],
      ["-c", "user.name=bench", "-c", "user.email=bench@skep.invalid", "commit", "-q", "--allow-empty", "-m", "start"],
    ])
      execFileSync("git", args, { cwd: dir });
    const paired = await pairs(
      PAIRS,
      () => untilTools([process.execPath, MAIN, "mcp"], dir),
      () => untilTools([process.execPath, floor, dir], dir),
    );
    return { name: "initialize and tools/list", unit: "ms", ...paired, target: "at most 1.3 × the floor", met: paired.ratio <= 1.3 };
  });

async function untilTools(argv: readonly [string, ...string[]], cwd: string): Promise<void> {
  const client = new BareClient(argv, { cwd });
  try {
    await client.initialize();
    const { tools } = (await client.request("tools/list", {})) as { tools: unknown[] };
    if (tools.length === 0) throw new Error("no tools listed");
  } finally {
    await client.close();
  }
}
