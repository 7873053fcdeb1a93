/** Completion of what a person types into the address of a resource or the argument of a prompt. */
import type { CompleteRequest, CompleteResult } from "@modelcontextprotocol/sdk/types.js";
import type { Ground } from "../tools/define-tool.ts";
import { type Completed, completeId, type IdKind } from "../tools/known-ids.ts";
import { completeArgument } from "../tools/prompts/fill.ts";
import { RESOURCES } from "../tools/resources/index.ts";
import type { ServerParts } from "./answers.ts";
import { RpcFault, toFault } from "./rpc-fault.ts";

const NONE: Completed = { values: [], total: 0 };

export function completionAnswers({ ground, logger }: ServerParts) {
  return {
    "completion/complete": async ({ ref, argument, context }: CompleteRequest["params"]): Promise<CompleteResult> => {
      try {
        const given = { typed: argument.value, swarm: context?.arguments?.swarm, ground: await ground() };
        const { values, total } = await (ref.type === "ref/resource"
          ? inTemplate(ref.uri, argument.name, given)
          : completeArgument(ref.name, argument.name, given.typed, given.ground));
        return { completion: { values: [...values], total, hasMore: total > values.length } };
      } catch (error) {
        throw new RpcFault(toFault(error, "swarm_list", logger));
      }
    },
  };
}

interface Given {
  readonly typed: string;
  readonly swarm: string | undefined;
  readonly ground: Ground | null;
}

function inTemplate(template: string, variable: string, { typed, swarm, ground }: Given): Promise<Completed> | Completed {
  const named = RESOURCES.some((one) => one.template === template) && template.includes(`{${variable}}`);
  return named ? completeId(variable as IdKind, typed, swarm, ground) : NONE;
}
