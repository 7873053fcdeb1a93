/** A request to a model as a list of what happened, in order: messages, model calls, results. What the CLI adds is left out. */
export type Item =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "model"; readonly calls: readonly Call[] }
  | { readonly kind: "result"; readonly id: string; readonly isError: boolean; readonly text: string };
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}
export interface Conversation {
  readonly model: string;
  readonly stream: boolean;
  readonly tools: readonly string[];
  readonly items: readonly Item[];
  /** The system prompt and what stands in the system role. */
  readonly system: string;
  readonly cwd: string | null;
}
