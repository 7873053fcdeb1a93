/**
 * What a swarm works by from its first commit to its last: config, roles and team as they were at its base, written once
 * and read back by whoever acts for it. A later edit of the files, or another version of the package, changes nothing.
 */
import { z } from "zod";
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { findRole, findTeam } from "../catalog/catalog.ts";
import { shippedPrices } from "../catalog/prices.ts";
import { NO_PROFILE } from "../catalog/profile.ts";
import type { Role } from "../catalog/roles.ts";
import type { Rule } from "../catalog/rules.ts";
import { type ChooseHarness, newSeat, seats, type Team } from "../catalog/teams.ts";
import { choiceOn, fallbacksFor, type HarnessChoice, harnessFor, keepsSession } from "../config/effective.ts";
import { resolveConfig } from "../config/load.ts";
import { CONFIG_FILE, type Config, configSchema } from "../config/schema.ts";
import { guessSetup, guessTests } from "../config/setup-guess.ts";
import type { SeatSpec } from "../domain/model.ts";
import type { Price } from "../domain/price.ts";
import type { Route } from "../domain/provider.ts";
import { teamCapReached } from "../domain/scaling.ts";
import type { Harness } from "../harness/harness.ts";
import type { SwarmHandle } from "./api.ts";
import { baseCatalog, baseRules, type CatalogOrder } from "./base-catalog.ts";
import { fileNames, fileText } from "./base-files.ts";
import type { Drafted } from "./pipeline/drafted.ts";
import { readUserConfig } from "./user-config.ts";

/** One command that prepares a worktree. */
export interface SetupStep {
  readonly argv: readonly string[];
  /** The file whose content decides whether it must run again; null: it runs for every new worktree. */
  readonly because: string | null;
}
export interface CheckCommand {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string | null;
  readonly minutes: number;
}

export interface Settings {
  readonly config: Config;
  readonly team: Team;
  readonly roles: Readonly<Record<string, Role>>;
  /** The config's list, else what was guessed at the base commit. */
  readonly setup: readonly SetupStep[];
  /** Likewise: what every submission must pass, beside its role's own checks. */
  readonly checks: readonly CheckCommand[];
  /** What models cost: the project's word before the shipped table. */
  readonly prices: readonly Price[];
  /** Those that hold in the repository as it was at the base commit. */
  readonly rules: readonly Rule[];
  /** The pipeline its plan was compiled from, with what a person gave; null: none. */
  readonly pipeline: PinnedPipeline | null;
}

export interface PinnedPipeline {
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** The queen plans from it: what stays with its tasks in her plan. */
  readonly drafted?: Drafted;
  readonly set: Readonly<Record<string, unknown>>;
}

/** The adapters of this program by id: who is behind them, and whether their program is there. */
export type Harnesses = ReadonlyMap<string, Pick<Harness, "id" | "provider" | "providerOf"> & Partial<Pick<Harness, "detect">>>;

export interface SettingsOrder extends CatalogOrder {
  readonly team: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

const GUESSED_MINUTES = 10;

/** Throws CONFIG_INVALID, CATALOG_INVALID, NO_TEAM or NO_RULE with what to correct. */
export async function readBaseSettings(order: SettingsOrder): Promise<Settings> {
  const { root, base, env, flags } = order;
  const [text, catalog, files, packageJson] = await Promise.all([
    fileText(root, base, CONFIG_FILE),
    baseCatalog(order),
    fileNames(root, base, ""),
    fileText(root, base, "package.json"),
  ]);
  const config = resolveConfig({ text, user: readUserConfig(env), env, flags });
  const top = { files, packageJson };
  const setup = config.worktree.setup?.map((argv) => ({ argv, because: null })) ?? guessSetup(top);
  const checks =
    config.checks.commands?.map(({ cwd = null, ...command }) => ({ ...command, cwd })) ??
    guessTests(top).map((argv, index) => ({
      name: index === 0 ? "tests" : `tests-${index + 1}`,
      argv,
      cwd: null,
      minutes: GUESSED_MINUTES,
    }));
  const team = findTeam(catalog, order.team ?? config.team);
  const prices = [...config.prices, ...shippedPrices().prices];
  const rules = await baseRules(catalog, config.rules.off, order);
  return { config, team, roles: Object.fromEntries(catalog.roles), setup, checks, prices, rules, pipeline: null };
}

/** The seats of the swarm's team. Throws NO_HARNESS, CAP_REACHED. */
export function teamSeats(settings: Settings, harnesses: Harnesses): readonly SeatSpec[] {
  const { config, team } = settings;
  const all = seats(team, rolesOf(settings), chooser(settings, harnesses));
  const cap = config.budgets.swarm.agents;
  const next = (setting: string): string => `the same call with a smaller team, or raise ${setting} in ${CONFIG_FILE}`;
  if (cap !== null && all.length > cap)
    throw new SkepError(
      "CAP_REACHED",
      `the team ${team.id} has ${all.length} agents, the budget allows ${cap}`,
      next("budgets.swarm.agents"),
    );
  const broken = teamCapReached(config.scaling.max, all);
  if (broken) throw new SkepError("CAP_REACHED", `the team ${team.id} has more agents: ${broken.text}`, next(broken.setting));
  return all;
}

/** `count` more seats of a role, with names that are not `taken`. Throws NO_ROLE, NO_HARNESS. */
export function moreSeats(
  settings: Settings,
  harnesses: Harnesses,
  role: string,
  count: number,
  taken: readonly string[],
): readonly SeatSpec[] {
  const found = findRole({ roles: rolesOf(settings) }, role);
  const names = new Set(taken);
  const more = Array.from({ length: count }, () => {
    const seat = newSeat(found, names, chooser(settings, harnesses));
    names.add(seat.seat);
    return seat;
  });
  fullRoles(settings, more);
  return more;
}

export const rolesOf = ({ roles }: Settings): ReadonlyMap<string, Role> => new Map(Object.entries(roles));

export function chooser({ config, roles }: Pick<Settings, "config" | "roles">, harnesses: Harnesses): ChooseHarness {
  return (role, wish) => {
    const first = harnessFor(config, role, wish);
    const fallbacks = fallbacksFor(config, role)
      .filter((name) => name !== first.harness)
      .map((name) => route(role, choiceOn(config, role, name, wish), harnesses));
    const keeps = keepsSession(config, role, roles[role]?.session ?? "fresh");
    return { ...route(role, first, harnesses), ...(fallbacks.length > 0 ? { fallbacks } : {}), ...(keeps ? { keeps } : {}) };
  };
}

/** What the project and the role file say of sessions of this role on this harness. */
export function choiceOf({ config, roles }: Pick<Settings, "config" | "roles">, role: string, harness: string): HarnessChoice {
  const file = roles[role];
  return choiceOn(config, role, harness, { harness: file?.harness ?? undefined, model: file?.model ?? undefined });
}

export function route(role: string, { harness, model, settings }: HarnessChoice, harnesses: Harnesses): Route {
  const adapter = harnesses.get(harness);
  if (adapter) return { harness, provider: adapter.providerOf?.(model, settings) ?? adapter.provider, model };
  const known = [...harnesses.keys()];
  const meant = nearest(harness, known);
  throw new SkepError(
    "NO_HARNESS",
    `there is no harness ${quote(harness)}, wanted for the role ${role}; known are ${known.join(", ")}`,
    `the same call with the harness ${meant ?? known[0]}, or set harness.default in ${CONFIG_FILE}`,
  );
}

/** What sessions of this role may do on this harness. */
export const presetOf = (settings: Pick<Settings, "config" | "roles">, role: Role, harness: string): Role["preset"] =>
  choiceOf(settings, role.id, harness).preset ?? role.preset;

/**
 * Roles with a session that may do anything, on whatever harness a seat has or may turn to. Throws FULL_NOT_ALLOWED when
 * nobody said in so many words that they may.
 */
export function fullRoles(settings: Pick<Settings, "config" | "roles">, team: readonly Omit<SeatSpec, "seat">[]): readonly string[] {
  const free = team.filter(({ role: id, harness, fallbacks = [] }) => {
    const role = settings.roles[id];
    return role && [harness, ...fallbacks.map((other) => other.harness)].some((name) => presetOf(settings, role, name) === "full");
  });
  const full = [...new Set(free.map(({ role }) => role))];
  if (full.length === 0 || settings.config.harness.allowFull) return full;
  throw new SkepError(
    "FULL_NOT_ALLOWED",
    `the preset full forbids nothing, and ${full.join(", ")} would work under it`,
    `set harness.allowFull: true in ${CONFIG_FILE} (or SKEP_HARNESS_ALLOW_FULL=true) when you mean it, else the preset guarded`,
  );
}

/** Swarms made before `supervision` pinned a setting that it replaced; their sessions are watched by its defaults. */
function withoutRetired(config: unknown): unknown {
  if (typeof config !== "object" || config === null || !("limits" in config)) return config;
  const { silenceMinutes: _, ...limits } = config.limits as Record<string, unknown>;
  return { ...config, limits };
}

/** Our own writing, checked in shape only: its content was checked when it was pinned. */
const pinned = z.object({
  config: z.preprocess(withoutRetired, configSchema),
  team: z.custom<Team>((value) => typeof value === "object" && value !== null),
  roles: z.record(
    z.string(),
    z.custom<Role>((value) => typeof value === "object" && value !== null).transform((role) => ({ ...NO_PROFILE, ...role })),
  ),
  setup: z.array(z.object({ argv: z.array(z.string()), because: z.string().nullable() })),
  checks: z.array(z.object({ name: z.string(), argv: z.array(z.string()), cwd: z.string().nullable(), minutes: z.number() })),
  prices: z.array(z.custom<Price>((value) => typeof value === "object" && value !== null)).default([]),
  rules: z.array(z.custom<Rule>((value) => typeof value === "object" && value !== null)).default([]),
  pipeline: z
    .custom<PinnedPipeline>((value) => typeof value === "object" && value !== null)
    .nullable()
    .default(null),
});

const READ = new WeakMap<SwarmHandle, Promise<Settings>>();

/** The settings a swarm was made with; read once per process, they never change. */
export function settingsOf(swarm: SwarmHandle): Promise<Settings> {
  const known = READ.get(swarm);
  if (known !== undefined) return known;
  const reading = read(swarm);
  READ.set(swarm, reading);
  reading.catch(() => READ.delete(swarm));
  return reading;
}

async function read(swarm: SwarmHandle): Promise<Settings> {
  const prose = await swarm.look((state) => state.settings);
  return pinned.parse(JSON.parse(await swarm.read(prose)));
}
