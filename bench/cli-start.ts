/**
 * From a claimed task to the session's first request at the model, beside the same CLI started bare with one prompt. On the
 * real CLIs, loopback alone; they are installed when they are not there, so it runs by name only.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { installCli } from "../test/clis/install.ts";
import { driveInNamespace } from "../test/clis/namespace.ts";
import { type Figure, median, round } from "./figure.ts";

const ROUNDS = 3;

export async function cliStart(): Promise<Figure> {
  const bins = [await installCli("claude"), await installCli("codex"), await installCli("opencode")];
  const root = path.resolve(import.meta.dirname, "..");
  const dir = mkdtempSync(path.join(tmpdir(), "skep-bench-"));
  try {
    const place = path.join(dir, "place");
    mkdirSync(place);
    const driver = new URL("../test/clis/start-drive.ts", import.meta.url);
    const { facts } = await driveInNamespace(driver, [String(ROUNDS), root, ...bins], place, 500_000);
    const all = Object.entries(facts as Readonly<Record<string, { ours: number[]; bare: number[] }>>);
    const told = Object.fromEntries(
      all.flatMap(([name, { ours, bare }]) => [
        [name, median(ours)],
        [`${name}Bare`, median(bare)],
      ]),
    );
    const ratios = all.map(([, { ours, bare }]) => median(ours) / median(bare));
    const [value, floor] = [
      all.reduce((sum, [, { ours }]) => sum + median(ours), 0),
      all.reduce((sum, [, { bare }]) => sum + median(bare), 0),
    ];
    return {
      name: "task claimed to first model request, three CLIs together (medians)",
      value: round(value),
      unit: "ms",
      floor: round(floor),
      ratio: round(Math.max(...ratios)),
      target: "reported",
      met: true,
      facts: told,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
