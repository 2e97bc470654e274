import { elementSymbols } from "../materials/elements.ts";

/** What designs are made of. */
interface MadeOf {
  readonly elements: readonly { readonly symbol: string }[];
}

/** Whether all that designs are made of are chemical elements, rather than ingredients of a mixture. */
export const areElements = ({ elements }: MadeOf): boolean =>
  elements.every(({ symbol }) => elementSymbols.includes(symbol));

/** What fractions are given in: atoms of elements, or shares of ingredients. */
export const shareUnit = (view: MadeOf): "at%" | "%" => (areElements(view) ? "at%" : "%");
