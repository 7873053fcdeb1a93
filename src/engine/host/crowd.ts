/** How many may be at the host's endpoint at once. A program that opens more than these is mistaken or means harm. */
export interface Crowd {
  readonly calls: number;
  readonly callsOfOne: number;
  readonly callsOfOperator: number;
  readonly clients: number;
  readonly callsOfClient: number;
  readonly clientIdleMs: number;
}
export const CROWD = {
  /** Further connections are closed without a word: whoever is there keeps being served. */
  connections: 1_024,
  /** Calls under way, waits included. */
  calls: 512,
  callsOfOne: 64,
  callsOfOperator: 256,
  /** Clients of the operator that stay connected, and what each has under way. */
  clients: 16,
  callsOfClient: 32,
  /** A client without a stream that says nothing for so long is taken to be gone. */
  clientIdleMs: 15 * 60_000,
  /** Time a request has to arrive whole. */
  headerMs: 10_000,
  requestMs: 60_000,
  bodyBytes: 1024 * 1024,
} as const;
