/**
 * How a person is told that a swarm waits for them. Of their own config alone: what notifies is a program on their machine
 * or an address that is posted to, and neither is a repository's to choose.
 */
import { z } from "zod";
import { argv } from "./values.ts";

/** `stall`: a letter says that an agent is stuck. `end`: the swarm is over, and not because they stopped it. */
const NOTIFY_EVENTS = ["gate", "stall", "end"] as const;

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

const origin = z.string().max(300).refine(isOrigin, "is no origin: https://host, https://host:port, or http:// on loopback");

export const notify = z
  .strictObject({
    command: argv
      .refine(([program = ""]) => /^(~?\/|[^/]+$)/.test(program), "must begin with a program on the PATH, or with an absolute path")
      .nullable()
      .default(null)
      .describe("Program and arguments, run with a headline and a line of text behind them, and with the facts as JSON on its stdin."),
    url: z
      .string()
      .max(2000)
      .nullable()
      .default(null)
      .describe("Address the facts are posted to as JSON; its origin has to stand in `origins`."),
    origins: z.array(origin).max(20).default([]).describe("Origins that may be posted to, such as https://hooks.example.com."),
    on: z
      .array(z.enum(NOTIFY_EVENTS))
      .max(NOTIFY_EVENTS.length)
      .default(["gate"])
      .describe("What is told: a gate that opens, a stall you get a letter about, the end of a swarm you did not stop."),
  })
  .refine(({ url, origins }) => url === null || origins.includes(originOf(url) ?? ""), {
    path: ["url"],
    error: "must be https, or http on loopback, without a user name, and its origin has to stand in notify.origins",
  })
  .describe("How you are told of it.");

export type Notify = z.output<typeof notify>;

/** null: nothing that may be posted to. */
export function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, username, password, origin: its } = new URL(text);
  if (username !== "" || password !== "") return null;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname)) ? its : null;
}

function isOrigin(text: string): boolean {
  return originOf(text) === text;
}
