/** The order a pipeline states: phases wait for phases, tasks for tasks; together the edges of one plan. */
import { quote } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { ancestors, findCycle } from "../domain/waves.ts";
import { choose, type Flaw, perhaps } from "./pipeline-flaws.ts";
import type { PhaseDraft, PipelineDraft } from "./pipeline-schema.ts";

type PlaceOf = (path: readonly PropertyKey[]) => string;

/** Phases with what they wait for: what they say, else the one above. */
const phaseNodes = ({ phases }: PipelineDraft): readonly { readonly id: string; readonly after: readonly string[] }[] =>
  phases.map(({ id, depends_on }, index) => ({
    id,
    after: depends_on ?? phases.slice(Math.max(0, index - 1), index).map((one) => one.id),
  }));

export function orderFlaws(draft: PipelineDraft, place: PlaceOf): readonly Flaw[] {
  const flaws = [...doubles(draft, place), ...unknown(draft, place)];
  if (flaws.length === 0) flaws.push(...unreachable(draft, place));
  if (flaws.length === 0) flaws.push(...taskCircle(draft, place));
  return flaws;
}

function doubles({ phases }: PipelineDraft, place: PlaceOf): Flaw[] {
  const [names, ids] = [new Set<string>(), new Set<string>()];
  return phases.flatMap((phase, p) => [
    ...(names.size === names.add(phase.id).size
      ? [{ place: place(["phases", p, "id"]), what: `is a second phase ${quote(phase.id)}`, fix: "give it another id" }]
      : []),
    ...phase.tasks.flatMap((task, t) =>
      ids.size === ids.add(task.id).size
        ? [{ place: place(["phases", p, "tasks", t, "id"]), what: `is a second task ${quote(task.id)}`, fix: "give it another id" }]
        : [],
    ),
  ]);
}

function unknown(draft: PipelineDraft, place: PlaceOf): Flaw[] {
  const phases = draft.phases.map(({ id }) => id);
  const tasks = draft.phases.flatMap((phase) => phase.tasks.map(({ id }) => id));
  const missing = (what: string, names: readonly string[], known: readonly string[], path: readonly PropertyKey[]): Flaw[] =>
    names.flatMap((name, index) => {
      if (known.includes(name)) return [];
      const meant = nearest(name, known);
      return [
        {
          place: place([...path, index]),
          what: `waits for the unknown ${what} ${quote(name)}${perhaps(meant)}`,
          fix: choose(meant, known),
        },
      ];
    });
  return draft.phases.flatMap((phase, p) => [
    ...missing("phase", phase.depends_on ?? [], phases, ["phases", p, "depends_on"]),
    ...phase.tasks.flatMap((task, t) => missing("task", task.depends_on, tasks, ["phases", p, "tasks", t, "depends_on"])),
  ]);
}

/** Phases in a circle, and those that wait for one, can never begin. */
function unreachable(draft: PipelineDraft, place: PlaceOf): Flaw[] {
  const nodes = phaseNodes(draft);
  const stuck = new Set(nodes.filter(({ id }) => ancestors(nodes, id).has(id)).map(({ id }) => id));
  const circle = findCycle(nodes);
  return nodes.flatMap(({ id }, p): Flaw[] => {
    const at = place(["phases", p, "depends_on"]);
    if (stuck.has(id)) {
      const round = circle?.includes(id) ? `: ${[...circle, circle[0]].join(" after ")}` : "";
      return [{ place: at, what: `makes the phases wait in a circle${round}`, fix: "take one of these depends_on out" }];
    }
    const behind = [...ancestors(nodes, id)].find((one) => stuck.has(one));
    if (behind === undefined) return [];
    return [{ place: at, what: `is unreachable: the phase ${id} waits for ${behind}, which never begins`, fix: `mend ${behind} first` }];
  });
}

function taskCircle(draft: PipelineDraft, place: PlaceOf): Flaw[] {
  const edges = taskEdges(draft);
  const circle = findCycle([...edges].map(([id, after]) => ({ id, after })));
  if (!circle) return [];
  const words = [...circle, circle[0]].join(" after ");
  const at = draft.phases.flatMap(({ tasks }, p) =>
    tasks.map(({ id, depends_on }, t) => ({ id, depends_on, path: ["phases", p, "tasks", t, "depends_on"] })),
  );
  // The phases are sound, so a task's own wish closes it: one that waits for what comes after its phase.
  const guilty = at.find(({ id, depends_on }) => circle.includes(id) && depends_on.some((one) => circle.includes(one)));
  return [
    {
      place: place(guilty?.path ?? ["phases"]),
      what: `makes the tasks wait in a circle: ${words}`,
      fix: "take one of these depends_on out",
    },
  ];
}

/** Task → tasks it comes after. The first tasks of a phase wait for the last ones of the phases it depends on. */
export function taskEdges(draft: PipelineDraft): ReadonlyMap<string, readonly string[]> {
  const last = new Map(draft.phases.map((phase) => [phase.id, lastOf(phase)]));
  const waits = new Map(phaseNodes(draft).map(({ id, after }) => [id, after]));
  return new Map(
    draft.phases.flatMap((phase) => {
      const own = new Set(phase.tasks.map(({ id }) => id));
      const before = (waits.get(phase.id) ?? []).flatMap((id) => last.get(id) ?? []);
      return phase.tasks.map(({ id, depends_on }) => {
        const first = !depends_on.some((one) => own.has(one));
        return [id, [...new Set([...depends_on, ...(first ? before : [])])]] as const;
      });
    }),
  );
}

/** Tasks no other of the phase waits for. */
function lastOf({ tasks }: PhaseDraft): readonly string[] {
  const waited = new Set(tasks.flatMap(({ depends_on }) => depends_on));
  return tasks.map(({ id }) => id).filter((id) => !waited.has(id));
}
