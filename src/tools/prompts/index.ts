/** Every prompt of the operator's client, one line each, in the order of a swarm's life. A test compares this list with the folder. */
import { postMortem } from "./post-mortem.ts";
import type { PromptSpec } from "./prompt.ts";
import { reviewPlan } from "./review-plan.ts";
import { runGoal } from "./run-goal.ts";
import { standup } from "./standup.ts";

export const PROMPTS: readonly PromptSpec[] = [runGoal, reviewPlan, standup, postMortem];
