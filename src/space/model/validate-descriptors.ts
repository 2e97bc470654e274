import { InputError } from "../../core/errors.ts";
import type { CategoricalParameter } from "../contract.ts";

/**
 * Checks that every word of a category has every descriptor, and that they tell words apart at all.
 * @throws InputError naming the parameter, the word and the descriptor
 */
export function validateDescriptors(parameter: CategoricalParameter): void {
  const { name, values, descriptors, encoding } = parameter;
  const where = `parameter "${name}"`;
  if (descriptors === undefined) {
    if (encoding !== "descriptors") return;
    throw new InputError(`${where}: has no descriptors to place its words by.`, {
      expected: "descriptors of every word",
      hint: `Give them: ${name}: { values: { ${values[0]}: { boiling_point: 373 K } } }, or take another encoding.`,
    });
  }
  const names = descriptors.map((one) => one.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) {
    throw new InputError(`${where}: the descriptor "${twice}" is there twice.`, {
      received: twice,
    });
  }
  for (const { name: descriptor, values: numbers } of descriptors) {
    if (numbers.length !== values.length) {
      throw new InputError(
        `${where}: expected one number of "${descriptor}" for each of ${values.length} words, got ${numbers.length}.`,
      );
    }
    const bad = numbers.findIndex((number) => !Number.isFinite(number));
    if (bad >= 0) {
      throw new InputError(
        `${where}: "${values[bad]}" has no finite "${descriptor}", but ${numbers[bad]}.`,
        { expected: `the ${descriptor} of every word`, received: String(numbers[bad]) },
      );
    }
  }
  const differs = descriptors.some(({ values: numbers }) =>
    numbers.some((number) => number !== numbers[0]),
  );
  if (differs || values.length === 1 || encoding === "one-hot" || encoding === "learned") return;
  throw new InputError(`${where}: its descriptors are the same for all ${values.length} words.`, {
    expected: "at least one number in which words differ",
    received: names.join(", "),
    hint: "Leave the descriptors out, or add one that differs.",
  });
}
