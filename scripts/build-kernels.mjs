// Compiles the AssemblyScript kernels (src/kernels/assembly) twice, over private and over shared
// memory, and writes both binaries as base64 into src/kernels/wasm.generated.ts, so that loading
// them is synchronous and the same in Node, workers and browsers. Does nothing when up to date.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "src/kernels/assembly");
const target = join(root, "src/kernels/wasm.generated.ts");

/** Pages of 64 KiB: 4 GiB, all that a 32-bit address reaches. */
const maximumPages = 65536;

const common = [
  "assembly/index.ts",
  "--baseDir",
  join(root, "src/kernels"),
  "--outFile",
  "kernels.wasm",
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--importMemory",
  "--use",
  "abort=",
  "--disableWarning",
  "112", // v128 arguments between our own functions are no concern of the embedding
];
const variants = {
  privateWasm: common,
  sharedWasm: [
    ...common,
    "--enable",
    "threads",
    "--sharedMemory",
    "--maximumMemory",
    `${maximumPages}`,
  ],
};

/** Hash of everything that the result depends on. */
function fingerprint() {
  const hash = createHash("sha256");
  const files = readdirSync(sources, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(sources, entry.name))
    .sort();
  for (const file of [...files, fileURLToPath(import.meta.url)]) hash.update(readFileSync(file));
  hash.update(compilerVersion());
  return hash.digest("hex");
}

function compilerVersion() {
  const manifest = join(root, "node_modules/assemblyscript/package.json");
  if (!existsSync(manifest)) {
    fail(
      "the AssemblyScript compiler is not installed",
      "Run `npm ci` (with development dependencies) and try again.",
    );
  }
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

async function compile(args) {
  const { default: asc } = await import("assemblyscript/asc");
  let binary;
  let messages = "";
  const { error } = await asc.main(args, {
    stderr: {
      write: (text) => {
        messages += text;
      },
    },
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents;
    },
  });
  if (error || !binary) {
    fail("asc did not compile src/kernels/assembly", `${messages}${error?.message ?? ""}`);
  }
  return Buffer.from(binary);
}

function fail(what, hint) {
  console.error(`build-kernels: ${what}.\n${hint}`);
  process.exit(1);
}

const stamp = `// Made by scripts/build-kernels.mjs from ${fingerprint()}; do not edit.`;
const isCurrent = existsSync(target) && readFileSync(target, "utf8").startsWith(stamp);
if (!isCurrent) {
  let text = `${stamp}\n`;
  for (const [name, args] of Object.entries(variants)) {
    text += `\nexport const ${name} =\n  "${(await compile(args)).toString("base64")}";\n`;
  }
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
}
