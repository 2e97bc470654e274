#!/usr/bin/env node
// Starts the command line on Node 24: in a checkout the project's own Node and the TypeScript source,
// in an installed package the compiled files.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = new URL("../src/cli/main.ts", import.meta.url);
const compiled = new URL("../dist/cli/main.js", import.meta.url);
const main = existsSync(source) ? source : compiled;

if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(main.href);
} else {
  const local = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (!existsSync(local)) {
    console.error(
      `ystar needs Node 24 or newer and this is ${process.versions.node}. In a checkout run "npm ci", which brings it.`,
    );
    process.exit(1);
  }
  const child = spawn(local, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  // Ctrl-C on a terminal reaches the child by itself; a signal sent to this process alone is passed on.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`ystar: could not start ${local}: ${error.message}`);
    process.exit(1);
  });
  child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}
