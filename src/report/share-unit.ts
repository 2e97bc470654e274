import { elementSymbols } from "../materials/elements.ts";
import type { ReportView } from "./view.ts";

/** Whether all that designs are made of are chemical elements, rather than ingredients of a mixture. */
export const areElements = ({ elements }: Pick<ReportView, "elements">): boolean =>
  elements.every(({ symbol }) => elementSymbols.includes(symbol));

/** What fractions are given in: atoms of elements, or shares of ingredients. */
export const shareUnit = (view: Pick<ReportView, "elements">): "at%" | "%" =>
  areElements(view) ? "at%" : "%";
