import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** Layers whose results are the same on every machine and platform. */
const engine = "kernels core space materials data surrogates search domains campaign".split(" ");
/** The one file that knows Node, see there. */
const nodeFile = "src/kernels/node-threads.ts";

const sources = globSync("src/**/*.ts", {
  cwd: new URL("..", import.meta.url),
  exclude: ["**/*.test.ts", "**/*.contract.ts", "**/fixtures/**", "**/assembly/**"],
})
  .filter((path) => !path.endsWith(".generated.ts"))
  .map((path) => {
    const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
    return { path, layer: path.split("/")[1], code: withoutComments(text) };
  });
const engineSources = sources.filter(({ layer }) => engine.includes(layer));

/** Comments blanked, so that line numbers stay. Strings stay: imports are strings. */
function withoutComments(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  return text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(?<=^|\s)\/\/.*$/gm, blank);
}

/** `path:line: text` of every match. */
function places(list: typeof sources, pattern: RegExp): string[] {
  return list.flatMap(({ path, code }) =>
    code
      .split("\n")
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );
}

test("the engine takes functions that engines may round differently from core/elementary", () => {
  const rounded =
    /\bMath\.(exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/;
  assert.deepEqual(places(engineSources, rounded), []);
});

test("powers in the engine are powers of two, which are exact", () => {
  const powers = places(engineSources, /\*\*/).filter(
    (place) => !/\b2 \*\* (-?\d+|bitCount)\b/.test(place),
  );
  assert.deepEqual(powers, []);
});

test("the engine has no randomness of its own, no clock and no language settings", () => {
  const hidden = /\bMath\.random\b|\bDate\b|\bperformance\b|\blocaleCompare\b|\btoLocale|\bIntl\b/;
  assert.deepEqual(places(engineSources, hidden), []);
});

test("the engine uses neither Node nor the page", () => {
  const others = engineSources.filter(({ path }) => path !== nodeFile);
  assert.deepEqual(
    places(others, /["']node:|\bprocess\.(env|argv|cwd|stdout|stderr)\b|\brequire\(|\bBuffer\b/),
    [],
  );
  assert.deepEqual(
    places(
      others,
      /\bdocument\.(body|createElement|querySelector)|\bwindow\.|\blocalStorage\b|\bfetch\(/,
    ),
    [],
  );
});

test("every file names its exports: no barrels, no default exports", () => {
  assert.deepEqual(places(sources, /^export (\*|default\b)/), []);
});

test("a file imports from its own folder and the layers that its layer refers to", () => {
  const inLayers = sources.filter(({ path }) => path.split("/").length > 2);
  const wrong = inLayers.flatMap(({ path, layer, code }) => {
    const config = readFileSync(new URL(`../src/${layer}/tsconfig.json`, import.meta.url), "utf8");
    const { references } = JSON.parse(config) as { references: readonly { path: string }[] };
    const allowed = [layer, ...references.map((reference) => reference.path.slice(3))];
    return [...code.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]*)"/g)].flatMap(([, target]) => {
      const file = new URL(target, `file:///${path}`).pathname.slice(1);
      const isAllowed = file.startsWith("src/") && allowed.includes(file.split("/")[1]);
      return isAllowed && /\.(ts|json)$/.test(file) ? [] : [`${path} imports ${target}`];
    });
  });
  assert.deepEqual(wrong, []);
});

test("files are kebab-case and stay below 600 lines", () => {
  for (const { path, code } of sources) {
    assert.match(path, /^src(\/[a-z0-9]+(-[a-z0-9]+)*)+(\.(generated|d))?\.ts$/);
    assert.ok(code.split("\n").length < 600, `${path} is too long`);
  }
});
