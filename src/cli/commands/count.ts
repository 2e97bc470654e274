import { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import { elementHint, isElement } from "../../materials/elements.ts";
import { createSpace } from "../../space/create-space.ts";
import type { CompositionParameter } from "../../space/contract.ts";
import { jsonOption, list, realNumber, wholeNumber } from "../options.ts";
import { print, printJson } from "../output.ts";

interface CountOptions {
  readonly elements: string[];
  readonly step: number;
  readonly min?: number;
  readonly max?: number;
  readonly choose?: number;
  readonly json?: boolean;
}

/** `ystar count`: the exact number of compositions, without enumerating them. */
export function countCommand(): Command {
  return new Command("count")
    .description("Count the compositions of a space exactly, without enumerating them")
    .requiredOption("--elements <list>", "element symbols, separated by commas", list)
    .requiredOption("--step <fraction>", "grid of the atomic fractions, such as 0.01", realNumber)
    .option("--min <fraction>", "least fraction of an element that is present", realNumber)
    .option("--max <fraction>", "largest fraction of an element", realNumber)
    .option("--choose <n>", "exactly so many of the elements are present", wholeNumber)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Without --choose an element given no --min may be absent; with --min alone every element is present.

Example:
  $ ystar count --elements Al,Ti,V,Cr,Nb --step 0.01
  4,598,126 compositions`,
    )
    .action(async (options: CountOptions) => {
      const count = await countCompositions(options);
      if (options.json) printJson({ count: count.toString() });
      else print(`${count.toLocaleString("en-US")} compositions`);
    });
}

async function countCompositions(options: CountOptions): Promise<bigint> {
  for (const symbol of options.elements) {
    if (!isElement(symbol)) {
      throw new InputError(`"${symbol}" is not the symbol of an element.`, {
        path: "--elements",
        hint: elementHint(symbol),
      });
    }
  }
  const required = options.choose === undefined && options.min !== undefined && options.min > 0;
  const composition: CompositionParameter = {
    kind: "composition",
    name: "composition",
    elements: options.elements.map((symbol) => ({
      symbol,
      min: options.min ?? 0,
      max: options.max ?? 1,
      required,
    })),
    step: options.step,
    ...(options.choose === undefined
      ? {}
      : { count: { min: options.choose, max: options.choose } }),
  };
  const space = await createSpace({ parameters: [composition], constraints: [], quantities: [] });
  const count = space.count();
  if (typeof count === "bigint") return count;
  throw new InputError("The number of compositions of this space cannot be told exactly.", {
    hint: "Give a coarser --step.",
  });
}
