import { describeError, SkepError } from "../../base/errors.ts";
import { joiners } from "../../engine/joiners.ts";
import { fullRoles, teamSeats } from "../../engine/settings.ts";
import { type DoctorCheck, fail, ok, warn } from "./check.ts";

/** Config, roles and team of the commit that is checked out. */
export const config: DoctorCheck = async ({ settings, harnesses }) => {
  if (settings === null) return [];
  if (settings instanceof Error)
    return [
      fail(
        "config",
        "config-invalid",
        describeError(settings),
        settings instanceof SkepError ? settings.next : "correct .skep/config.yaml and commit it",
      ),
    ];
  const { team, config: read, checks } = settings;
  try {
    const seats = teamSeats(settings, harnesses);
    fullRoles(settings, [...seats, ...(await joiners({ settings, harnesses, team: seats, env: process.env }))]);
    const found = `valid; team ${team.id} with ${seats.length} agents, checks: ${checks.map(({ name }) => name).join(", ") || "none"}`;
    const looks = [
      checks.length === 0
        ? warn("config", "checks-none", found, "name what a submission must pass under checks.commands")
        : ok("config", found),
    ];
    if (read.harness.allowFull)
      looks.push(
        warn(
          "config",
          "preset-full",
          "harness.allowFull is on: sessions with the preset full may do anything you may",
          "use it inside a sandbox only",
        ),
      );
    return looks;
  } catch (error) {
    return [
      fail(
        "config",
        "config-invalid",
        describeError(error),
        error instanceof SkepError ? error.next : "correct .skep/config.yaml and commit it",
      ),
    ];
  }
};
