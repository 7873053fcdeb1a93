/** How what init writes starts skep. */
import { runningProgram } from "../../engine/host/program.ts";
import type { Argv } from "./clients/client.ts";

/** Fetches the package when it is not there, and names no place of one machine. */
export const PUBLISHED: Argv = ["npx", "-y", "skep"];

/** @param local the program that runs now, by its path. */
export const startOf = (local: boolean): Argv => (local ? runningProgram() : PUBLISHED);
