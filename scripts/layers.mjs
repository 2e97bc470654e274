// Writes the tsconfig.json of every layer and the root one from the table below: the one place
// that says which layer may import which. Run it after changing the table: node scripts/layers.mjs
import { writeFileSync } from "node:fs";

/** All that a campaign is made of. */
const models = [
  "kernels",
  "core",
  "space",
  "materials",
  "data",
  "surrogates",
  "search",
  "explain",
  "domains",
];

/** Layer: [folders it may import, further settings]. The order is the layer order, lowest first. */
const layers = {
  kernels: { imports: [] },
  core: { imports: ["kernels"], indexed: false },
  space: { imports: ["kernels", "core"] },
  materials: { imports: ["kernels", "core"] },
  data: { imports: ["kernels", "core", "materials"] },
  surrogates: { imports: ["kernels", "core", "space", "data"], indexed: false },
  search: { imports: ["kernels", "core", "space", "surrogates"], indexed: false },
  explain: { imports: ["kernels", "core", "data", "surrogates"], indexed: false },
  domains: { imports: ["kernels", "core", "space", "materials", "data", "surrogates"] },
  campaign: { imports: models },
  store: { imports: ["core", "data", "campaign", "surrogates"], node: true },
  report: { imports: [...models.slice(1), "campaign"], node: true },
  server: { imports: ["core", "campaign", "store", "report"], node: true },
  cli: { imports: [...models, "campaign", "store", "report", "server"], node: true },
};

const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

for (const [name, { imports, indexed = true, node = false }] of Object.entries(layers)) {
  write(`src/${name}/tsconfig.json`, {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      rootDir: "..",
      outDir: "../../dist",
      tsBuildInfoFile: `../../dist/${name}.tsbuildinfo`,
      ...(node ? { types: ["node"] } : {}),
      ...(indexed ? {} : { noUncheckedIndexedAccess: false }),
    },
    include: ["./**/*.ts", "./**/*.json", ...(node ? [] : ["../platform.d.ts"])],
    exclude: [
      "./**/*.test.ts",
      "./**/*.contract.ts",
      "./**/fixtures/*.ts",
      "./assembly/**",
      "./tsconfig.json",
    ],
    references: imports.map((layer) => ({ path: `../${layer}` })),
  });
}
write("tsconfig.json", {
  files: [],
  references: [
    ...Object.keys(layers).map((layer) => ({ path: `src/${layer}` })),
    { path: "tsconfig.checks.json" },
  ],
});
write("tsconfig.checks.json", {
  extends: "./tsconfig.base.json",
  compilerOptions: {
    types: ["node"],
    lib: ["es2024", "dom"],
    noUncheckedIndexedAccess: false,
    rewriteRelativeImportExtensions: false,
    noEmit: true,
    outDir: "build/checks",
    tsBuildInfoFile: "build/checks.tsbuildinfo",
    rootDir: ".",
  },
  include: [
    "src/**/*.test.ts",
    "src/**/*.contract.ts",
    "src/**/fixtures/*.ts",
    "test/**/*.ts",
    "test/**/*.json",
    "bench/**/*.ts",
  ],
  exclude: ["src/*/assembly"],
  references: Object.keys(layers).map((layer) => ({ path: `src/${layer}` })),
});
