/** All roles, teams and rules a swarm may use: the shipped ones, and the project's own, which win by id. */
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { catalogError, type Problem, type SourceFile } from "./problems.ts";
import { HUMAN } from "./profile.ts";
import { type KnownNames, parseRole, type Role, type SharedBlocks } from "./roles.ts";
import { parseRule, type Rule } from "./rules.ts";
import { parseTeam, type Team } from "./teams.ts";

export interface Catalog {
  readonly roles: ReadonlyMap<string, Role>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly rules: ReadonlyMap<string, Rule>;
}

export interface CatalogSources {
  /** `roles/*.md`, `roles/shared/*.md`, `templates/teams/*.yaml`, `rules/*.md` of the package. */
  readonly shipped: readonly SourceFile[];
  /** `.skep/roles/*.md`, `.skep/templates/teams/*.yaml` and `.skep/rules/*.md` of the swarm's base commit; others are left alone. */
  readonly project: readonly SourceFile[];
  readonly known?: KnownNames;
}

/** Where a project keeps what overrides the catalog; the caller lists these folders at the base commit. */
export const PROJECT_FOLDERS = [".skep/roles", ".skep/templates/teams", ".skep/rules"] as const;

/** Throws CATALOG_INVALID with every problem of every file. */
export function loadCatalog({ shipped, project, known }: CatalogSources): Catalog {
  const problems: Problem[] = [];
  const shared = sharedBlocks(shipped);
  const roles = new Map<string, Role>();
  const teams = new Map<string, Team>();
  const rules = new Map<string, Rule>();
  for (const [files, prefix] of [
    [shipped, ""],
    [project, ".skep/"],
  ] as const) {
    const own = inFolder(files, `${prefix}roles`, ".md").map((file) => parseRole(file, shared, known));
    problems.push(...own.flatMap((parsed) => parsed.problems), ...twice(own.map((parsed) => parsed.role)));
    for (const { role } of own) if (role) roles.set(role.id, role);
    const laws = inFolder(files, `${prefix}rules`, ".md").map((file) => parseRule(file, known));
    problems.push(...laws.flatMap((parsed) => parsed.problems), ...twice(laws.map((parsed) => parsed.rule)));
    for (const { rule } of laws) if (rule) rules.set(rule.id, rule);
  }
  // Teams come last: a project's team may use shipped roles, and a shipped team meets the project's own.
  for (const [files, prefix] of [
    [shipped, ""],
    [project, ".skep/"],
  ] as const) {
    const own = inFolder(files, `${prefix}templates/teams`, ".yaml").map((file) => parseTeam(file, roles, known));
    problems.push(...own.flatMap((parsed) => parsed.problems), ...twice(own.map((parsed) => parsed.team)));
    for (const { team } of own) if (team) teams.set(team.id, team);
  }
  problems.push(...prefixes(roles), ...escalations(roles));
  if (problems.length > 0) throw catalogError(problems);
  return { roles, teams, rules };
}

/** The texts around every role prompt; a project cannot replace them. */
export const sharedBlocks = (shipped: readonly SourceFile[]): SharedBlocks => ({
  swarm: block(shipped, "swarm"),
  mail: block(shipped, "mail"),
});

/** Throws NO_TEAM with what there is. */
export function findTeam(catalog: Pick<Catalog, "teams">, id: string): Team {
  const team = catalog.teams.get(id);
  if (team) return team;
  const known = [...catalog.teams.keys()];
  const meant = nearest(id, known);
  throw new SkepError(
    "NO_TEAM",
    `there is no team ${quote(id)}; known are ${known.join(", ")}`,
    `the same call with the team ${meant ?? known[0]}`,
  );
}

/** Throws NO_ROLE with what there is. */
export function findRole(catalog: Pick<Catalog, "roles">, id: string): Role {
  const role = catalog.roles.get(id);
  if (role) return role;
  const known = [...catalog.roles.keys()];
  const meant = nearest(id, known);
  throw new SkepError(
    "NO_ROLE",
    `there is no role ${quote(id)}; known are ${known.join(", ")}`,
    `the same call with the role ${meant ?? known[0]}`,
  );
}

/** Files right in `folder`; what lies deeper is somebody else's. */
function inFolder(files: readonly SourceFile[], folder: string, ending: string): readonly SourceFile[] {
  return files.filter(({ path }) => path.slice(0, path.lastIndexOf("/")) === folder && path.endsWith(ending));
}

function block(shipped: readonly SourceFile[], name: string): string {
  const file = shipped.find(({ path }) => path === `roles/shared/${name}.md`);
  if (!file) throw new SkepError("CATALOG_INVALID", `roles/shared/${name}.md is missing from the package`, "install skep again");
  return file.text;
}

/** The same file given twice, e.g. by a careless caller; a name stands for one id, so this is all there is to it. */
function twice(items: readonly (Role | Team | Rule | null)[]): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap((item) => {
    if (!item || seen.size !== seen.add(item.id).size) return [];
    return [{ file: item.file, line: 1, what: `repeats the id ${quote(item.id)}`, fix: "keep one of the two files" }];
  });
}

/** Two roles whose seats would have the same names. */
function prefixes(roles: ReadonlyMap<string, Role>): readonly Problem[] {
  const owner = new Map<string, Role>();
  return [...roles.values()].flatMap((role) => {
    const other = owner.get(role.seat);
    owner.set(role.seat, role);
    if (!other || other.id === role.id) return [];
    return [
      { file: role.file, line: 1, what: `names its seats ${quote(role.seat)} like the role ${other.id}`, fix: "give it another `seat`" },
    ];
  });
}

/** A role that sends its agents to somebody who does not exist. */
function escalations(roles: ReadonlyMap<string, Role>): readonly Problem[] {
  return [...roles.values()].flatMap(({ id, file, escalation }) => {
    if (escalation === null || escalation === HUMAN || (roles.has(escalation) && escalation !== id)) return [];
    const meant = nearest(
      escalation,
      [...roles.keys(), HUMAN].filter((one) => one !== id),
    );
    const what = `has the unknown escalation ${quote(escalation)}${meant ? `, perhaps ${quote(meant)}` : ""}`;
    return [{ file, line: 1, what, fix: `name another role, or ${HUMAN}` }];
  });
}
