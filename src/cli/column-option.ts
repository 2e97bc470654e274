import { InvalidArgumentError, Option } from "commander";
import { InputError } from "../core/errors.ts";
import { parseColumnOverride } from "../data/column-override.ts";
import { loadDataset, type LoadedData } from "../store/load-dataset.ts";

/** Roles and units of columns by header, as given on the command line. */
export type ColumnTexts = Readonly<Record<string, string>>;

/** `--column "name=role [unit]"`, as in `data.columns` of a problem file; may be repeated. */
export const columnOption = (): Option =>
  new Option(
    "--column <name=role>",
    'role of a column, such as "UTS=property [MPa]" or "paper=group"; may be repeated',
  )
    .argParser(collect)
    .default({}, "inferred");

function collect(text: string, known: ColumnTexts): ColumnTexts {
  // A role holds no "=", a header may.
  const at = text.lastIndexOf("=");
  const [name, role] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || name === "" || role === "") {
    throw new InvalidArgumentError(
      `Expected name=role such as "UTS=property [MPa]", got "${text}".`,
    );
  }
  if (Object.hasOwn(known, name)) {
    throw new InvalidArgumentError(`The column "${name}" is declared twice.`);
  }
  return { ...known, [name]: role };
}

/**
 * Loads a data set or file with the columns that the command line declares.
 * @throws InputError that names the option for a column that is not there or a role that is none
 */
export async function loadWithColumns(source: string, columns: ColumnTexts): Promise<LoadedData> {
  try {
    const overrides = Object.fromEntries(
      Object.entries(columns).map(([name, text]) => [name, parseColumnOverride(text, name)]),
    );
    return await loadDataset(
      source,
      Object.keys(overrides).length === 0 ? {} : { columns: overrides },
    );
  } catch (error) {
    if (!(error instanceof InputError) || !error.details.path?.startsWith("columns.")) throw error;
    throw new InputError(error.message, { ...error.details, file: source, path: "--column" });
  }
}
