/** A team: which roles take part, how many of each. One YAML file, `templates/teams/<id>.yaml`. */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { SeatSpec } from "../domain/model.ts";
import { freeName } from "../domain/seat-name.ts";
import { id } from "./fields.ts";
import { type Parsed, parseYaml } from "./front-matter.ts";
import type { Problem, SourceFile } from "./problems.ts";
import { badName, idOfPath, type KnownNames, type Role } from "./roles.ts";

export interface TeamSeats {
  readonly role: string;
  readonly count: number;
  readonly harness: string | null;
  readonly model: string | null;
}
export interface Team {
  readonly id: string;
  readonly title: string;
  /** No queen: the goal becomes one task, approved by rule. */
  readonly solo: boolean;
  readonly seats: readonly TeamSeats[];
  readonly file: string;
}

const MAX_SEATS = 64;
const seat = {
  role: id,
  count: z.number().int().min(1).max(MAX_SEATS).default(1),
  harness: id.optional(),
  model: z.string().min(1).max(200).optional(),
};
const fields = {
  id,
  title: z.string().min(1).max(80),
  solo: z.boolean().default(false),
  seats: z.array(z.strictObject(seat)).min(1).max(MAX_SEATS),
};
const schema = z.strictObject(fields);
const KEYS = [...Object.keys(fields), ...Object.keys(seat)];

export function parseTeam(
  source: SourceFile,
  roles: ReadonlyMap<string, Role>,
  known: KnownNames = {},
): { team: Team | null; problems: readonly Problem[] } {
  const file = source.path;
  const named = idOfPath(file, ".yaml");
  if (named === null) return { team: null, problems: [badName(file)] };
  const parsed = parseYaml(file, source.text, schema, KEYS);
  if (parsed.value === null) return { team: null, problems: parsed.problems };
  const { seats, ...same } = parsed.value;
  const team: Team = { ...same, seats: seats.map(({ harness = null, model = null, ...one }) => ({ ...one, harness, model })), file };
  const problems = [...identity(team, named, parsed), ...composition(team, roles, parsed), ...harnesses(team, known, parsed)];
  return problems.length > 0 ? { team: null, problems } : { team, problems };
}

function identity(team: Team, named: string, { lineOf }: Parsed<unknown>): Problem[] {
  if (team.id === named) return [];
  return [
    { file: team.file, line: lineOf("id"), what: `says it is ${quote(team.id)}`, fix: `make the id ${quote(named)} or rename the file` },
  ];
}

function composition(team: Team, roles: ReadonlyMap<string, Role>, { lineOf }: Parsed<unknown>): Problem[] {
  const { file } = team;
  const unknown = team.seats.flatMap(({ role }, index): Problem[] => {
    if (roles.has(role)) return [];
    const meant = nearest(role, roles.keys());
    const fix = meant ? `write ${meant}` : `choose from ${[...roles.keys()].join(", ")}, or add .skep/roles/${role}.md`;
    return [
      {
        file,
        line: lineOf("seats", index, "role"),
        what: `names the unknown role ${quote(role)}${meant ? `, perhaps ${quote(meant)}` : ""}`,
        fix,
      },
    ];
  });
  if (unknown.length > 0) return unknown;
  const found: Problem[] = [];
  const line = lineOf("seats");
  const count = (duty: Role["duty"]): number =>
    team.seats.reduce((sum, one) => sum + (roles.get(one.role)?.duty === duty ? one.count : 0), 0);
  // A risk reviewer looks at risks alone and approves nothing.
  if (team.seats.every(({ role }) => roles.get(role)?.duty !== "reviewer" || role === "risk"))
    found.push({ file, line, what: "has no reviewer, so nothing could ever be approved", fix: "add a seat with `role: reviewer`" });
  if (count("worker") === 0) found.push({ file, line, what: "has no worker", fix: "add a seat with `role: developer`" });
  if (team.solo && count("queen") > 0)
    found.push({ file, line: lineOf("solo"), what: "is solo and has a queen", fix: "remove the queen, or `solo: true`" });
  if (!team.solo && count("queen") !== 1) {
    const fix = count("queen") === 0 ? "add a seat with `role: queen`, or say `solo: true`" : "keep one queen";
    found.push({ file, line, what: `has ${count("queen")} queens where one plans`, fix });
  }
  if (team.seats.reduce((sum, one) => sum + one.count, 0) > MAX_SEATS)
    found.push({ file, line, what: `has more than ${MAX_SEATS} seats`, fix: "lower its counts" });
  return found;
}

function harnesses(team: Team, known: KnownNames, { lineOf }: Parsed<unknown>): Problem[] {
  const names = known.harnesses;
  if (!names) return [];
  return team.seats.flatMap(({ harness }, index): Problem[] => {
    if (harness === null || names.includes(harness)) return [];
    return [
      {
        file: team.file,
        line: lineOf("seats", index, "harness"),
        what: `names the unknown harness ${quote(harness)}`,
        fix: `choose from ${names.join(", ")}`,
      },
    ];
  });
}

/** What decides the program behind a seat: the seat's own wish, else the role file's, weighed against the config by the caller. */
export type ChooseHarness = (
  role: string,
  wish: { readonly harness?: string; readonly model?: string },
) => Omit<SeatSpec, "seat" | "role" | "duty">;

/** The seats of a team in its order, each with a name of its own. */
export function seats(team: Team, roles: ReadonlyMap<string, Role>, choose: ChooseHarness): readonly SeatSpec[] {
  const taken = new Set<string>();
  return team.seats.flatMap((wanted) => {
    const role = roles.get(wanted.role);
    if (!role) throw new Error(`team ${team.id} names ${wanted.role}, which was checked when it was loaded`);
    return Array.from({ length: wanted.count }, () => {
      const spec = newSeat(role, taken, choose, wanted);
      taken.add(spec.seat);
      return spec;
    });
  });
}

/** One more seat of a role, with the first name that is free. */
export function newSeat(
  role: Role,
  taken: ReadonlySet<string>,
  choose: ChooseHarness,
  own: { readonly harness: string | null; readonly model: string | null } = { harness: null, model: null },
): SeatSpec {
  const harness = own.harness ?? role.harness ?? undefined;
  const model = own.model ?? (own.harness === null || own.harness === role.harness ? role.model : null) ?? undefined;
  const wish = { ...(harness === undefined ? {} : { harness }), ...(model === undefined ? {} : { model }) };
  return { seat: freeName(role.seat, role.duty, taken), role: role.id, duty: role.duty, ...choose(role.id, wish) };
}
