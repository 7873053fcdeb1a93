/** The real services: a project's repository, its pinned settings, and the texts its sessions begin with. */
import path from "node:path";
import { SkepError } from "../base/errors.ts";
import type { SwarmId } from "../base/ids.ts";
import { fitRisk, fitRole } from "../catalog/task-fit.ts";
import { rulesNow } from "../domain/commit-rules.ts";
import type { State } from "../domain/model.ts";
import type { Project } from "../engine/api.ts";
import { fileText } from "../engine/base-files.ts";
import { NotOwed } from "../engine/effects/effect.ts";
import type { LiveSwarm } from "../engine/host/context.ts";
import { renewReport } from "../engine/report/write.ts";
import { firstMessage } from "../engine/session-texts.ts";
import { type Harnesses, moreSeats, settingsOf } from "../engine/settings.ts";
import { taskRules } from "../engine/told-rules.ts";
import { changedPaths } from "../git/changes.ts";
import { type Diff, type DiffFile, readDiff, showPath } from "../git/diff.ts";
import type { Repo } from "../git/git.ts";
import { land } from "../git/land/index.ts";
import type { DiffPage, DiffReader, Services } from "./services.ts";

/** A project whose handles show the live state. */
export interface LiveProject extends Project {
  open(swarm: SwarmId): Promise<LiveSwarm>;
}

export function projectServices(project: LiveProject, harnesses: Harnesses): Services {
  const repo: Repo = { root: project.root, commonDir: path.dirname(project.home) };
  return {
    diff: diffReader(repo),
    async land(swarm, wanted) {
      const { config } = await settingsOf(swarm);
      const strategy = wanted ?? config.land.strategy;
      const order = await swarm.look((state) => ({ ...landOrder(state), rules: rulesNow(state, config.merge) }));
      const { branch, sha, repeated, unfiltered, back, url } = await land(repo, { ...order, strategy, remote: config.land.remote });
      const warning =
        unfiltered.length === 0
          ? null
          : `check these out once more, your own filters did not run on them: ${unfiltered
              .slice(0, 10)
              .map((file) => showPath(file))
              .join(", ")}`;
      return { sha, target: branch, strategy, repeated, back, url, warning };
    },
    renewReport: (swarm) => renewReport(swarm, project.home),
    async seats(swarm, role, count, taken) {
      return moreSeats(await settingsOf(swarm), harnesses, role, count, taken);
    },
    async placing(swarm, { files, role, risk = "normal" }) {
      const { roles, config } = await settingsOf(swarm);
      const team = await swarm.look(workerRoles);
      const fit =
        role === undefined
          ? fitRole(
              files,
              team.flatMap((id) => roles[id] ?? []),
            )
          : null;
      const risky = risk === "high" ? null : fitRisk(files, config.review.risky);
      const because = [
        ...(fit?.because ? [`has the role ${fit.value}: ${fit.because}`] : []),
        ...(risky === null ? [] : [`has a high risk: ${risky}`]),
      ];
      const placed = { role: role ?? fit?.value ?? "developer", risk: risky === null ? risk : ("high" as const) };
      return because.length === 0 ? placed : { ...placed, because };
    },
    async drafted(swarm) {
      return (await settingsOf(swarm)).pipeline?.drafted ?? null;
    },
    async firstMessage(handle, session) {
      const swarm = await project.open(handle.id);
      try {
        return await firstMessage(session, { swarm, settings: await settingsOf(swarm), repo });
      } catch (error) {
        if (error instanceof NotOwed) return null;
        throw error;
      }
    },
    async whoami(swarm, session) {
      const { role, files } = await swarm.look((state) => {
        const { seat, job } = state.sessions.get(session) ?? {};
        const task = job?.kind === "task" ? state.tasks.get(job.task) : undefined;
        return { role: state.seats.get(seat as never)?.role ?? "", files: task?.files ?? null };
      });
      const settings = await settingsOf(swarm);
      const version = settings.roles[role]?.version;
      const rules = files === null ? [] : (taskRules(settings, files).rules ?? []).map(({ id }) => id);
      return { ...(version === undefined ? {} : { roleVersion: version }), ...(rules.length > 0 ? { rules } : {}) };
    },
    async roleTools(swarm, seat) {
      const role = await swarm.look((state) => state.seats.get(seat)?.role ?? "");
      return (await settingsOf(swarm)).roles[role]?.tools ?? null;
    },
  };
}

/** Roles a task can have, in the order of their first seats. */
const workerRoles = (state: Readonly<State>): readonly string[] => [
  ...new Set([...state.seats.values()].filter(({ duty, status }) => duty === "worker" && status === "active").map(({ role }) => role)),
];

function landOrder({ id, title, target, tip, tasks, byStatus }: Readonly<State>) {
  const merged = [...byStatus.merged].flatMap((task) => tasks.get(task) ?? []);
  return {
    ...{ swarm: id, title, target, tip },
    tasks: merged.map((task) => ({ task: task.id, title: task.title, sha: task.mergedSha ?? "" })),
  };
}

/** Commits never change, so the last diff read is worth keeping: pages are fetched one after the other. */
function diffReader(repo: Repo): DiffReader {
  let last: { readonly key: string; readonly diff: Promise<Diff> } | null = null;
  const read = (base: string, sha: string): Promise<Diff> => {
    const key = `${base} ${sha}`;
    if (last?.key !== key) last = { key, diff: readDiff(repo, base, sha) };
    return last.diff;
  };
  return {
    async page(base, sha, cursor) {
      try {
        return pageOf(await read(base, sha), cursor);
      } catch (error) {
        last = null;
        throw error;
      }
    },
    changed: (base, sha) => changedPaths(repo.commonDir, base, sha),
    async lines(sha, file) {
      const text = await fileText(repo.commonDir, sha, file);
      if (text === null) return null;
      return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
    },
  };
}

const TABLE_ROWS = 200;

/** The first page begins with the table of all files; a change without hunks has that page alone. */
function pageOf(diff: Diff, cursor: string | null): DiffPage {
  const pages = Math.max(1, diff.pages.length);
  const page = cursor === null ? 1 : Number(cursor.slice(1));
  if (!(page >= 1 && page <= pages))
    throw new SkepError("NO_PAGE", `this diff has ${pages} ${pages === 1 ? "page" : "pages"}`, "diff_get with cursor p1");
  const hunks = diff.pages[page - 1] ?? "";
  const text = page === 1 ? `${table(diff.files)}\n\n${hunks}` : hunks;
  return { text, page, pages, next: page < pages ? `p${page + 1}` : null };
}

function table(files: readonly DiffFile[]): string {
  if (files.length === 0) return "No file differs.";
  const rows = files.slice(0, TABLE_ROWS).map((file) => {
    const from = file.from === null ? "" : ` from ${showPath(file.from)}`;
    const size = file.binary ? "binary" : `+${file.additions} -${file.deletions}`;
    return `${file.status.replace("_", " ")} ${showPath(file.path)}${from} ${size}${file.generated ? " (generated, not shown)" : ""}`;
  });
  if (files.length > TABLE_ROWS) rows.push(`and ${files.length - TABLE_ROWS} more`);
  return rows.join("\n");
}
