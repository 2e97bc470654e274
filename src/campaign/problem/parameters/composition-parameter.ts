import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import { defaultDomain } from "../../../domains/registry.ts";
import { elementHint, isElement } from "../../../materials/elements.ts";
import type { CompositionParameter } from "../../../space/contract.ts";
import { pathText, type CompositionEntry, type ParsedProblemFile } from "../problem-file.ts";

/**
 * The composition of a problem file: `space.elements` of a domain that knows elements, or
 * `space.mixture` of ingredients with any names; null where it has neither.
 * @throws InputError with the place for symbols that are no element, limits of names that are not there,
 *   and fractions that are no shares of one
 */
export function compositionParameter({ content }: ParsedProblemFile): CompositionParameter | null {
  const { space, domain } = content;
  const { mixture, elements } = space;
  const knowsElements = (domain ?? defaultDomain) !== defaultDomain;
  if (knowsElements && elements === undefined) {
    throw new InputError('The problem file lacks the setting "space.elements".', {
      path: "space.elements",
      expected: `a list of elements for the domain ${domain}`,
      hint: "List them, or leave the domain out.",
    });
  }
  if (elements !== undefined && mixture !== undefined) {
    throw new InputError("A space has one composition, of elements or of ingredients.", {
      path: "space.mixture",
      expected: "space.elements or space.mixture",
      received: "both",
      hint: "Vary the amount of an ingredient as a parameter of its own.",
    });
  }
  if (elements === undefined) {
    for (const key of ["fraction", "fractions", "count"] as const) {
      if (space[key] === undefined) continue;
      throw new InputError(`"space.${key}" limits elements, and the space has none.`, {
        path: `space.${key}`,
        hint:
          mixture === undefined
            ? "Add space.elements, or leave it out."
            : `Move it to space.mixture.${key}.`,
      });
    }
    return mixture === undefined
      ? null
      : composition(mixture.ingredients, mixture, ["space", "mixture"], "ingredients");
  }
  elements.forEach((symbol, i) => {
    if (isElement(symbol)) return;
    throw new InputError(`"${symbol}" is not the symbol of an element.`, {
      path: pathText(["space", "elements", i]),
      expected: "symbols such as Al, Ti, Nb",
      received: symbol,
      hint: elementHint(symbol),
    });
  });
  return composition(elements, space, ["space"], "elements");
}

function composition(
  names: readonly string[],
  entry: CompositionEntry,
  place: readonly string[],
  kind: "elements" | "ingredients",
): CompositionParameter {
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0) {
    throw new InputError(`"${names[twice]!}" is listed twice.`, {
      path: pathText([...place, kind, twice]),
      received: names[twice]!,
    });
  }
  for (const name of Object.keys(entry.fractions ?? {})) {
    if (names.includes(name)) continue;
    throw new InputError(`"${name}" has limits but is not among the ${kind} of the space.`, {
      path: pathText([...place, "fractions", name]),
      hint: suggest(name, names),
    });
  }
  requireShares(entry, place, kind);
  const { min = 0, max = 1, step } = entry.fraction ?? {};
  const count =
    typeof entry.count === "number"
      ? { min: entry.count, max: entry.count }
      : entry.count && { min: entry.count.min ?? 1, max: entry.count.max ?? names.length };
  return {
    kind: "composition",
    name: "composition",
    elements: names.map((symbol) => {
      const own = entry.fractions?.[symbol];
      return {
        symbol,
        min: own?.min ?? min,
        max: own?.max ?? max,
        ...(own?.required === undefined ? {} : { required: own.required }),
      };
    }),
    ...(step === undefined ? {} : { step }),
    ...(count === undefined ? {} : { count }),
  };
}

/** @throws InputError for a limit that is no share of one, with its place */
function requireShares(
  { fraction, fractions = {} }: CompositionEntry,
  place: readonly string[],
  kind: "elements" | "ingredients",
): void {
  const limits = [
    { path: [...place, "fraction"], limit: fraction ?? {} },
    ...Object.entries(fractions).map(([symbol, limit]) => ({
      path: [...place, "fractions", symbol],
      limit,
    })),
  ];
  const [share, percent] = kind === "elements" ? ["an atomic share", "at%"] : ["a share", "%"];
  for (const { path, limit } of limits) {
    const { min = 0, max = 1 } = limit;
    for (const [end, value] of Object.entries({ min, max })) {
      if (value >= 0 && value <= 1) continue;
      throw new InputError(`A fraction lies between 0 and 1, and "${end}" is ${value}.`, {
        path: pathText([...path, end]),
        expected: `${share} of one, 0 ... 1`,
        received: String(value),
        hint:
          value > 1
            ? `Write ${value / 100} for ${value} ${percent}.`
            : `An absent ${kind === "elements" ? "element" : "ingredient"} is 0.`,
      });
    }
    if (min <= max || limit.min === undefined || limit.max === undefined) continue;
    throw new InputError(`The smallest fraction, ${min}, is above the largest, ${max}.`, {
      path: pathText(path),
      expected: "min <= max",
      received: `min ${min}, max ${max}`,
    });
  }
}
