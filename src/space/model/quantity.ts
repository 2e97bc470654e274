import { InputError } from "../../core/errors.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { Quantity } from "../contract.ts";

/**
 * A quantity of compositions, one value per row, in the quantity's unit.
 * @param fractions n x symbols, atomic fractions
 * @throws InputError naming an element without a tabulated value that a row contains
 */
export function quantityValues(
  quantity: Quantity,
  fractions: Matrix,
  symbols: readonly string[],
): Float64Array {
  const { ratio } = quantity;
  if (ratio === undefined) {
    if (quantity.evaluate !== undefined) return quantity.evaluate(fractions, symbols);
    throw new InputError(`The quantity "${quantity.name}" has neither a ratio nor a function.`);
  }
  const { denominator } = ratio;
  const above = symbols.map((symbol) => ratio.numerator[symbol]);
  const below = symbols.map((symbol) => (denominator === undefined ? 1 : denominator[symbol]));
  const d = symbols.length;
  return Float64Array.from({ length: fractions.rows }, (_, i) => {
    let top = 0;
    let bottom = 0;
    for (let j = 0; j < d; j++) {
      const fraction = fractions.data[i * d + j]!;
      if (fraction === 0) continue;
      if (above[j] === undefined || below[j] === undefined) {
        throw new InputError(`There is no tabulated ${quantity.title} of ${symbols[j]!}.`, {
          path: quantity.name,
          hint: `Leave ${symbols[j]!} out, or leave "${quantity.name}" out of targets and constraints.`,
        });
      }
      top += fraction * above[j]!;
      bottom += fraction * below[j]!;
    }
    return top / bottom;
  });
}
