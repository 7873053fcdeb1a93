/**
 * A loopback proxy that adds the bearer token, because the conformance tool cannot. Host and Origin pass through, so that
 * the endpoint's own guard is what is tested; only the proxy's own address is replaced by the endpoint's.
 */
import { createServer, type IncomingHttpHeaders, request as send } from "node:http";
import type { AddressInfo } from "node:net";

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

export async function authorizingProxy(target: string, token: string): Promise<Proxy> {
  const to = new URL(target);
  const server = createServer((request, response) => {
    const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const headers = { ...addressed(request.headers, own, to.host), authorization: `Bearer ${token}` };
    const forward = send(
      { host: to.hostname, port: to.port, method: request.method, path: request.url, headers, setHost: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.once("error", (error) => {
      if (response.headersSent) response.destroy(error);
      else response.writeHead(502).end(String(error));
    });
    response.once("close", () => forward.destroy());
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${to.pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The headers with the proxy's own address, under any of its names, turned into the endpoint's. */
function addressed(headers: IncomingHttpHeaders, own: string, target: string): IncomingHttpHeaders {
  const names = [own, own.replace("127.0.0.1", "localhost")];
  const { host, origin, ...rest } = headers;
  const result: IncomingHttpHeaders = { ...rest };
  if (host !== undefined) result.host = names.includes(host) ? target : host;
  if (origin !== undefined) result.origin = names.some((name) => origin === `http://${name}`) ? `http://${target}` : origin;
  return result;
}
