/** The roles and teams that come with the package. */
import { loadCatalog } from "../../src/catalog/catalog.ts";
import { shippedFiles } from "../../src/catalog/shipped.ts";
import type { TeamSeats } from "../../src/catalog/teams.ts";
import { code, table } from "./table.ts";

const catalog = () => loadCatalog({ shipped: shippedFiles(), project: [] });

export function rolesTable(): string {
  const rows = [...catalog().roles.values()].map(({ id, title, duty, preset, file }) => [code(id), title, duty, preset, code(file)]);
  return table(["role", "what it is", "duty", "preset", "file"], rows);
}

export function teamsTable(): string {
  const rows = [...catalog().teams.values()].map((team) => [code(team.id), team.title, seats(team.seats), code(team.file)]);
  return table(["team", "for", "seats", "file"], rows);
}

function seats(list: readonly TeamSeats[]): string {
  return list.map(({ role, count }) => (count > 1 ? `${count} × ${role}` : role)).join(", ");
}
