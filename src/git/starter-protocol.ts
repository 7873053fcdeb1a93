/** What a host and the process that starts git for it say to each other. */
import type { Fault } from "../base/errors.ts";
import type { GitCall, GitOutput } from "./call.ts";

/** A call, or that one is no longer wanted. */
export type Asked = { readonly id: number; readonly call: GitCall } | { readonly id: number; readonly end: true };
export type Answered = { readonly id: number; readonly output: GitOutput } | { readonly id: number; readonly fault: Fault };

// Both ends are one program of one version, and nobody else has the channel.
export const asked = (message: unknown): Asked => message as Asked;
export const answered = (message: unknown): Answered => message as Answered;
