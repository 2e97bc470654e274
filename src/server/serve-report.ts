import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { StoreError } from "../core/errors.ts";

/** A page that is being served on this machine. */
export interface ReportServer {
  readonly url: string;
  close(): Promise<void>;
}

const firstPort = 4270;
const triedPorts = 20;

/**
 * Serves one report on 127.0.0.1, on the first free port from 4270 on; nothing but this machine can
 * reach it.
 * @param files name in the address to content: `report.html`, `candidates.csv`; "" is the start page
 * @throws StoreError when no port is free
 */
export async function serveReport(
  files: Readonly<Record<string, { readonly type: string; readonly body: string }>>,
): Promise<ReportServer> {
  const app = new Hono();
  for (const [name, { type, body }] of Object.entries(files)) {
    app.get(`/${name}`, (context) => context.body(body, 200, { "Content-Type": type }));
  }
  app.get("/favicon.ico", (context) => context.body(null, 204));
  for (let port = firstPort; port < firstPort + triedPorts; port++) {
    const server = await listen(app, port);
    if (server !== undefined) return server;
  }
  throw new StoreError(
    `No free port between ${firstPort} and ${firstPort + triedPorts - 1} on 127.0.0.1.`,
    { hint: "Open the written report.html directly, or stop another ystar." },
  );
}

function listen(app: Hono, port: number): Promise<ReportServer | undefined> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, () =>
      resolve({
        url: `http://127.0.0.1:${port}/`,
        close: () => new Promise<void>((done) => void server.close(() => done())),
      }),
    );
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
  });
}
