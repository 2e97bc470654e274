import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Browser builds of the packages that the engine imports. */
const packages: Readonly<Record<string, string>> = {
  "csv-parse/browser/esm/sync": "csv-parse/dist/esm/sync.js",
  fflate: "fflate/esm/browser.js",
  highs: "highs/build/highs.mjs",
  "hyparquet/src/metadata.js": "hyparquet/src/metadata.js",
  "hyparquet/src/read.js": "hyparquet/src/read.js",
  "read-excel-file/universal": "read-excel-file/universal/index.js",
  yaml: "yaml/browser/index.js",
  zod: "zod/index.js",
};

const types: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".ts": "text/javascript",
  ".wasm": "application/wasm",
};

/** A server of the project's source for browsers: types stripped, package names turned into addresses. */
export async function serveSource(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/") {
      response.writeHead(200, { "content-type": "text/html" }).end("<title>ystar</title>");
      return;
    }
    try {
      const ending = extname(pathname);
      const bytes = readFileSync(`${root}${pathname.slice(1)}`);
      const isCode = types[ending] === "text/javascript";
      const body = isCode ? forBrowser(bytes.toString(), ending === ".ts") : bytes;
      response.writeHead(200, { "content-type": types[ending] ?? "text/plain" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

function forBrowser(code: string, isTypeScript: boolean): string {
  const script = isTypeScript ? stripTypeScriptTypes(code) : code;
  return script.replaceAll(
    /(\bfrom\s*|\bimport\s*)(["'])([^."'/][^"']*)\2/g,
    (text, before: string, quote: string, name: string) => {
      const path = packages[name];
      return path === undefined ? text : `${before}${quote}/node_modules/${path}${quote}`;
    },
  );
}
