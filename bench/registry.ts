/** A package registry on loopback, with the packages it is given and no others: what `npx` asks a real one, without a network. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly integrity: string;
  /** The packed file. */
  readonly file: string;
}

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

export async function openRegistry(all: readonly Published[]): Promise<Registry> {
  const server = createServer(({ url = "" }, response) => {
    const asked = all.find(({ manifest: { name } }) => url === `/${name}` || url === `/${name}.tgz`);
    if (!asked) response.writeHead(404).end();
    else if (url.endsWith(".tgz")) response.end(readFileSync(asked.file));
    else response.setHeader("content-type", "application/json").end(JSON.stringify(about(asked)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const about = ({ manifest, integrity }: Published): object => ({
    name: manifest.name,
    "dist-tags": { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist: { tarball: `${address}/${manifest.name}.tgz`, integrity } } },
  });
  return {
    url: address,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
