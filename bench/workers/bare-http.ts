/** A server on loopback that reads what it is sent and answers as much as a short tool call does. Says its port, ends with its stdin. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BODY } from "../stage.ts";

const server = createServer((request, response) => {
  request.resume().once("end", () => response.setHeader("content-type", "application/json").end(JSON.stringify({ text: BODY })));
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.once("end", () => process.exit(0)).resume();
