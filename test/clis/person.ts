/** What a model says that a person gave a goal to, in any client: it goes by what each answer of skep says is next. */
import type { Reply } from "../model/dialect.ts";
import type { Script } from "../model/server.ts";

const MOST_CALLS = 40;
const NAMES = ["swarm_create", "swarm_wait", "swarm_land"];

export const operate =
  (goal: string): Script =>
  ({ prefix }, { tools, items }) => {
    const say = (text: string): Reply => ({ text, call: null, sleepMs: 0, fault: null });
    const use = (name: string, input: Readonly<Record<string, unknown>>): Reply => ({ ...say(""), call: { name, input } });
    if (tools.length === 0) return say("ok"); // a side request, for a title
    const calls = items.flatMap((item) => (item.kind === "model" ? item.calls : []));
    const answers = items.flatMap((item) =>
      item.kind === "result" && calls.find(({ id }) => id === item.id)?.name.startsWith(prefix) ? [item.text] : [],
    );
    // Claude Code tells a model the names alone of many tools, and the rest when it asks.
    if (tools.includes("ToolSearch") && calls.length === 0)
      return use("ToolSearch", { query: `select:${NAMES.map((name) => prefix + name).join()}`, max_results: 5 });
    const last = answers.at(-1);
    if (last === undefined) return use(`${prefix}swarm_create`, { goal });
    const swarm = /\bs-[a-z0-9]{6}\b/.exec(answers[0] ?? "")?.[0] ?? "none";
    const next = /\b(swarm_wait|swarm_land)\b/.exec(/next[\s\S]*$/i.exec(last)?.[0] ?? "")?.[0];
    if (next === undefined || answers.length > MOST_CALLS) return say(`It is done: ${last}`);
    const cursor = /"?cursor"?\W+"?(\d+)/.exec(last)?.[1];
    return use(prefix + next, next === "swarm_wait" && cursor !== undefined ? { swarm, cursor: Number(cursor) } : { swarm });
  };
