/** What a person asks of a pipeline, and what they are shown before anything starts. */
import type { Risk } from "../../domain/model.ts";

export interface PipelineOrder {
  readonly name: string;
  /** By name of the variable: data, or text as a command line has it. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** By phase.task.field, likewise. */
  readonly set: Readonly<Record<string, unknown>>;
  /** It is no plan but what the queen plans from. */
  readonly draft?: boolean;
}

export interface PreviewOrder extends PipelineOrder {
  readonly team: string | null;
  readonly flags: Readonly<Record<string, unknown>>;
}

export interface PipelineSummary {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** `scope: list, files that may change (src/)`. */
  readonly variables: readonly string[];
  readonly own: boolean;
}
export interface PipelineList {
  readonly pipelines: readonly PipelineSummary[];
  /** What is wrong with the others, each with file, line and column. */
  readonly problems: readonly string[];
}

export interface PreviewTask {
  readonly task: string;
  readonly title: string;
  /** Who does it: a role, or `a person`. */
  readonly role: string;
  readonly files: readonly string[];
  readonly after: readonly string[];
  readonly criteria: readonly string[];
  readonly risk: Risk;
  /** What decides about the result. */
  readonly proof: string;
  readonly because: readonly string[];
  /** `critical`, `at most 2 usd`, `escalates to architect`. */
  readonly notes: readonly string[];
}
export interface Preview {
  readonly name: string;
  readonly title: string;
  readonly goal: string;
  readonly team: string;
  readonly policy: string;
  /** `dev-0 developer`. */
  readonly seats: readonly string[];
  /** How the plan begins and ends, and who is asked on the way. */
  readonly gates: readonly string[];
  readonly conditions: readonly string[];
  readonly waves: readonly (readonly PreviewTask[])[];
  /** Commands every task has to pass. */
  readonly checks: readonly string[];
  readonly budget: string;
  /** Waves, gain and cost beside one agent, in words. Empty: one agent does it anyway. */
  readonly worth: readonly string[];
  /** Each with its place; empty: it may be started. */
  readonly problems: readonly string[];
}
