import { InputError } from "../../../core/errors.ts";
import type { ContinuousParameter, DiscreteParameter, Encoding } from "../../../space/contract.ts";
import { parseWhen } from "../../../space/language/parse-condition.ts";
import type { ExpressionContext } from "../../../space/language/vocabulary.ts";
import { looksNumeric, unitOf, valueIn, type Amount } from "./amounts.ts";
import { describedCategory } from "./described-words.ts";
import { locate } from "../locate.ts";
import { numericParameter } from "./numeric-parameter.ts";
import { pathText, type ParameterEntry, type ParsedProblemFile } from "../problem-file.ts";
import type { ProcessParameter } from "./process-parameters.ts";

/**
 * Turns `space.parameters` of a problem file into parameters. A text that begins with a number is a
 * number with its unit, any other a word; the unit is what `unit` says, else that of the first number
 * that has one.
 * @throws InputError with the place for words among numbers, units that do not fit, and wrong ranges
 */
export function declaredParameters(
  settings: Readonly<Record<string, ParameterEntry>>,
): ProcessParameter[] {
  return Object.entries(settings).map(([name, entry]) =>
    declaredParameter(name, entry, pathText(["space", "parameters", name])),
  );
}

function declaredParameter(name: string, entry: ParameterEntry, path: string): ProcessParameter {
  if (name.trim() === "") throw new InputError("A parameter has no name.", { path });
  if (typeof entry !== "object") return listed(name, [entry], undefined, path);
  if (Array.isArray(entry)) return listed(name, entry, undefined, path);
  const { min, max, step, unit, zeroOr, encoding } = entry;
  const described = describedCategory(name, entry, path);
  if (described !== undefined) return described;
  const values = entry.values as readonly Amount[] | undefined;
  if (values !== undefined) {
    if (zeroOr === true) {
      throw new InputError(`"${name}" has a list of values, so it cannot have "zeroOr" too.`, {
        path: `${path}.zeroOr`,
        hint: "Add 0 to the values.",
      });
    }
    const other = Object.entries({ min, max, step }).find(([, value]) => value !== undefined);
    if (other === undefined) return encoded(listed(name, values, unit, path), encoding, path);
    throw new InputError(`"${name}" has a list of values, so it cannot have "${other[0]}" too.`, {
      path: `${path}.${other[0]}`,
      expected: "either values, or min and max",
    });
  }
  if (min === undefined || max === undefined) {
    const missing = min === undefined ? "min" : "max";
    throw new InputError(`"${name}" lacks its "${missing}".`, {
      path,
      expected: "min and max, or values",
      hint: `Write ${name}: { min: 300, max: 900, unit: K }.`,
    });
  }
  const amounts = [min, max, ...(step === undefined ? [] : [step])];
  const word = amounts.find((amount) => typeof amount === "string" && !looksNumeric.test(amount));
  if (word !== undefined) {
    throw new InputError(`"${word}" is not a number of "${name}".`, {
      path,
      expected: "numbers as min, max and step, with a unit if need be",
      received: String(word),
    });
  }
  const own = unitOf(name, amounts, unit, path);
  const range = numericParameter(
    {
      name,
      unit: own,
      min: valueIn(name, min, own, path),
      max: valueIn(name, max, own, path),
      step: step === undefined ? undefined : valueIn(name, step, own, path, true),
    },
    path,
  );
  return encoded(zeroOr === true ? absentOr(range, path) : range, encoding, path);
}

/** The parameter with its encoding, which only words have. */
function encoded(
  parameter: ProcessParameter,
  encoding: Encoding | undefined,
  path: string,
): ProcessParameter {
  if (encoding === undefined) return parameter;
  if (parameter.kind !== "categorical") {
    throw new InputError(`"${parameter.name}" is a number, so it has no encoding.`, {
      path: `${path}.encoding`,
      expected: "a parameter that is a choice of words",
      received: encoding,
    });
  }
  if (encoding === "descriptors") {
    throw new InputError(`"${parameter.name}" has no descriptors to place its words by.`, {
      path: `${path}.encoding`,
      expected: "descriptors of every word",
      hint: `Write values: { ${parameter.values[0]}: { boiling_point: 373 K } }, or descriptors: words.csv.`,
    });
  }
  return { ...parameter, encoding };
}

/** The same parameter, or 0. */
function absentOr(
  parameter: ContinuousParameter | DiscreteParameter,
  path: string,
): ContinuousParameter | DiscreteParameter {
  const least = parameter.kind === "continuous" ? parameter.min : Math.min(...parameter.values);
  if (!(least > 0)) {
    throw new InputError(
      `"${parameter.name}" is absent at 0 or at least its min, which is ${least}.`,
      {
        path: `${path}.zeroOr`,
        expected: "a min above 0",
        received: String(least),
        hint: "Leave zeroOr out: 0 is in the range, or below it are other numbers.",
      },
    );
  }
  return parameter.kind === "continuous"
    ? { ...parameter, zeroOr: true }
    : { ...parameter, values: [0, ...parameter.values] };
}

/**
 * Gives parameters the conditions that `when` of the problem file says.
 * @param context all names that a condition may use
 * @throws InputError with the place for a condition that cannot be read
 */
export function withConditions(
  parsed: ParsedProblemFile,
  parameters: readonly ProcessParameter[],
  context: ExpressionContext,
): ProcessParameter[] {
  const settings = parsed.content.space.parameters ?? {};
  return parameters.map((parameter) => {
    const entry = settings[parameter.name];
    const when = typeof entry === "object" && !Array.isArray(entry) ? entry.when : undefined;
    if (when === undefined) return parameter;
    return locate(parsed, ["space", "parameters", parameter.name, "when"], () => ({
      ...parameter,
      when: parseWhen(when, context),
    }));
  });
}

/** Words, or numbers. */
function listed(
  name: string,
  entries: readonly Amount[],
  unit: string | undefined,
  path: string,
): ProcessParameter {
  const isWord = (entry: Amount): boolean => typeof entry === "string" && !looksNumeric.test(entry);
  const words = entries.filter(isWord);
  if (words.length === 0) {
    const own = unitOf(name, entries, unit, path);
    const values = entries.map((entry) => valueIn(name, entry, own, path));
    return { kind: "discrete", name, unit: own, values: [...new Set(values)] };
  }
  const number = entries.find((entry) => !isWord(entry));
  if (number !== undefined || unit !== undefined) {
    throw new InputError(`The values of "${name}" are words and numbers.`, {
      path,
      expected: "all words, or all numbers of one unit",
      received: number === undefined ? `words with the unit ${unit}` : `${words[0]} and ${number}`,
      hint: "Spell numbers that stand for a choice as words: one, two.",
    });
  }
  return { kind: "categorical", name, values: [...new Set(entries.map(String))] };
}
