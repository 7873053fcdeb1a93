/** What a client does with resources: lists those there are, reads one, is told when one changed. Failures are SkepErrors. */
import { quote } from "../../base/errors.ts";
import type { ToolContext } from "../define-tool.ts";
import { newestSwarms } from "../known-ids.ts";
import { keepPace } from "../pace.ts";
import { swarmCall } from "../swarm-call.ts";
import { follow } from "./follow.ts";
import { RESOURCES } from "./index.ts";
import { type At, addressed, addressOf, noSuch, type ResourceSpec } from "./resource.ts";

interface Listed {
  readonly uri: string;
  readonly spec: ResourceSpec;
  readonly title: string;
}

/** Of these swarms what needs no further id; the rest is found by templates and completions. */
const LISTED_SWARMS = 10;

export async function listResources({ ground }: Pick<ToolContext, "ground">): Promise<readonly Listed[]> {
  if (!ground) return [];
  const whole = RESOURCES.filter(({ template }) => template.match(/\{/g)?.length === 1);
  const swarms = (await newestSwarms(ground.project)).slice(0, LISTED_SWARMS);
  return swarms.flatMap(({ id, title, status }) =>
    whole.map((spec) => ({ spec, uri: addressOf(spec, { swarm: id }), title: `${spec.title}: ${title} (${status})` })),
  );
}

/** Throws NOT_FOUND for an address nobody has. */
export async function readResource(uri: string, ctx: ToolContext): Promise<{ readonly text: string; readonly spec: ResourceSpec }> {
  const { spec, at } = found(uri);
  if (ctx.ground) await keepPace("calls", 1, { ...ctx, project: ctx.ground.project });
  return { spec, text: await spec.read(await swarmCall(ctx, at.swarm), at) };
}

/** Calls `tell` after each change of what the address shows, until `signal` aborts. Resolves when the following has begun. */
export async function followResource(uri: string, ctx: ToolContext, tell: () => void, signal: AbortSignal): Promise<void> {
  const { spec, at } = found(uri);
  const { swarm } = await swarmCall(ctx, at.swarm);
  await follow(spec, swarm, at, tell, signal);
}

function found(uri: string): { readonly spec: ResourceSpec; readonly at: At } {
  for (const spec of RESOURCES) {
    const at = addressed(spec, uri);
    if (at) return { spec, at };
  }
  throw noSuch(`resource ${quote(uri, 160)}`, `use an address like ${RESOURCES.map(({ template }) => template).join(", ")}`);
}
