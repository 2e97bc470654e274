import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import type { Table, TableColumn } from "../../../data/contract.ts";
import { findColumn, isMissingAt, textAt } from "../../../data/table.ts";
import type { CategoricalParameter, Descriptor } from "../../../space/contract.ts";
import { looksNumeric, unitOf, valueIn, type Amount } from "./amounts.ts";
import { locate } from "../locate.ts";
import type { DescribedWords, ParameterEntry, ParsedProblemFile } from "../problem-file.ts";

type Settings = Exclude<ParameterEntry, Amount | readonly Amount[]>;

/** The settings of a parameter whose words have descriptors, or have them in a file; undefined for any other. */
function settingsOf(entry: ParameterEntry): Settings | undefined {
  if (typeof entry !== "object" || Array.isArray(entry)) return undefined;
  const isDescribed = entry.values !== undefined && !Array.isArray(entry.values);
  return isDescribed || entry.descriptors !== undefined ? entry : undefined;
}

/** The file of descriptors that a parameter names, and the columns to take of it (all when undefined). */
interface DescriptorFile {
  readonly file: string;
  readonly columns: readonly string[] | undefined;
}

/** Files of descriptors by the parameter that names them. */
export function descriptorFiles({ content }: ParsedProblemFile): [string, DescriptorFile][] {
  return Object.entries(content.space.parameters ?? {}).flatMap(([name, entry]) => {
    const given = settingsOf(entry)?.descriptors;
    if (given === undefined) return [];
    const { file, columns } =
      typeof given === "string" ? { file: given, columns: undefined } : given;
    return [[name, { file, columns }]];
  });
}

/**
 * The problem file as if the descriptors of its tables stood in it.
 * @param tables by parameter; the first column holds the words
 * @throws InputError with the place in the file for a word that the table lacks, and for a column or a cell that is
 *   no number
 */
export function withDescriptorTables(
  parsed: ParsedProblemFile,
  tables: Readonly<Record<string, Table>>,
): ParsedProblemFile {
  const files = descriptorFiles(parsed);
  if (files.length === 0) return parsed;
  const { content } = parsed;
  const parameters = { ...content.space.parameters };
  for (const [name, file] of files) {
    const { descriptors: _, values, ...rest } = settingsOf(parameters[name]!)!;
    const path = ["space", "parameters", name, "descriptors"];
    const words = locate(parsed, path, () => wordsOf(name, values, file, tables[name]!));
    parameters[name] = { ...rest, values: words };
  }
  return { ...parsed, content: { ...content, space: { ...content.space, parameters } } };
}

function wordsOf(
  name: string,
  values: Settings["values"],
  { file, columns }: DescriptorFile,
  table: Table,
): DescribedWords {
  const path = `space.parameters.${name}.descriptors`;
  const [first, ...others] = table.columns;
  if (values !== undefined && !Array.isArray(values)) {
    throw new InputError(`"${name}" has descriptors in the problem file and in ${file}.`, {
      path,
      hint: "List the words only, or leave the file out.",
    });
  }
  const texts = Array.from({ length: table.rows }, (_, i) => textAt(first!, i));
  const known = texts.filter((text) => text !== "");
  const twice = known.find((word, i) => known.indexOf(word) !== i);
  if (twice !== undefined) {
    throw new InputError(`${file} describes "${twice}" twice.`, { path, received: twice });
  }
  const chosen = columns?.map((column) => columnOf(table, column, path)) ?? others;
  return Object.fromEntries(
    (values ?? known).map((value) => {
      const word = String(value);
      const row = texts.indexOf(word);
      if (row < 0) {
        throw new InputError(`${file} does not describe "${word}" of "${name}".`, {
          path,
          expected: `a row for each word, named in its first column, "${first!.header}"`,
          received: known.slice(0, 20).join(", "),
          hint: suggest(word, known),
        });
      }
      return [
        word,
        Object.fromEntries(chosen.map((one) => [one.name, cell(one, row, word, file, path)])),
      ];
    }),
  );
}

function columnOf(table: Table, name: string, path: string): TableColumn {
  const found = findColumn(table, name);
  if (found !== undefined) return found;
  const names = table.columns.slice(1).map((one) => one.name);
  throw new InputError(`${table.source} has no column "${name}".`, {
    path: `${path}.columns`,
    received: name,
    hint: suggest(name, names),
  });
}

/** A cell as it may stand in a problem file. */
function cell(column: TableColumn, row: number, word: string, file: string, path: string): Amount {
  if (column.kind === "text") {
    throw new InputError(
      `"${column.header}" of ${file} holds words, and descriptors are numbers.`,
      {
        path,
        expected: "a table of numbers, but for the words in its first column",
        received: textAt(column, row),
        hint: `Name the columns that count: descriptors: { file: ${file}, columns: [...] }.`,
      },
    );
  }
  if (isMissingAt(column, row)) {
    throw new InputError(`${file} has no "${column.header}" of "${word}".`, {
      path,
      expected: `the ${column.name} of every word`,
      hint: "Fill the cell, or name the columns that are complete with { file, columns }.",
    });
  }
  const value = column.values[row]!;
  return column.unit === "1" ? value : `${value} ${column.unit}`;
}

/**
 * The category of a parameter whose words are given with descriptors; undefined for any other parameter. The unit of
 * a descriptor is that of the first word that has one.
 * @throws InputError naming the word and the descriptor that it lacks
 */
export function describedCategory(
  name: string,
  entry: ParameterEntry,
  path: string,
): CategoricalParameter | undefined {
  const settings = settingsOf(entry);
  if (settings === undefined) return undefined;
  const { values, descriptors, encoding, when: _, ...others } = settings;
  if (descriptors !== undefined) {
    throw new InputError(`The descriptors of "${name}" are in a file that was not read.`, {
      path: `${path}.descriptors`,
      hint: "Give the tables of descriptors with the problem file, or write the descriptors into it.",
    });
  }
  const other = Object.entries(others).find(([, value]) => value !== undefined);
  if (other !== undefined) {
    throw new InputError(
      `"${name}" has words with descriptors, so it cannot have "${other[0]}" too.`,
      {
        path: `${path}.${other[0]}`,
        expected: "values, encoding and when",
      },
    );
  }
  const words = values as DescribedWords;
  const texts = Object.keys(words);
  if (texts.length === 0) {
    throw new InputError(`"${name}" has no words.`, { path: `${path}.values` });
  }
  const number = texts.find((word) => looksNumeric.test(word));
  if (number !== undefined) {
    throw new InputError(`"${number}" of "${name}" is a number, and only words have descriptors.`, {
      path: `${path}.values`,
      received: number,
      hint: "Spell numbers that stand for a choice as words: one, two.",
    });
  }
  const names = [...new Set(texts.flatMap((word) => Object.keys(words[word]!)))];
  if (names.length === 0) {
    throw new InputError(`The words of "${name}" have no descriptors.`, {
      path: `${path}.values`,
      hint: `Write a list: ${name}: [${texts.join(", ")}], or ${texts[0]}: { boiling_point: 373 K }.`,
    });
  }
  return {
    kind: "categorical",
    name,
    values: texts,
    descriptors: names.map((one) => descriptorOf(name, one, words, path)),
    ...(encoding === undefined ? {} : { encoding }),
  };
}

function descriptorOf(
  parameter: string,
  name: string,
  words: DescribedWords,
  path: string,
): Descriptor {
  const amounts = Object.entries(words).map(([word, described]) => {
    const amount = described[name];
    if (amount !== undefined) return amount;
    throw new InputError(`"${word}" of "${parameter}" has no "${name}".`, {
      path: `${path}.values.${word}`,
      expected: `the ${name} of every word, as other words have it`,
      received: Object.keys(described).join(", ") || "no descriptor",
      hint: suggest(name, Object.keys(described)),
    });
  });
  const place = `${path}.values`;
  const unit = unitOf(name, amounts, undefined, place);
  return { name, unit, values: amounts.map((amount) => valueIn(name, amount, unit, place)) };
}
