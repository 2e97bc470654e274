import type { ElementColour } from "../palette.ts";
import { adapt } from "./adapt.ts";
import { layout } from "./layout.ts";
import { sections } from "./sections.ts";
import { tokens } from "./tokens.ts";

/** The page's style sheet with one class per element colour (`e0`, `e1`, ...). */
export function styleSheet(elements: readonly ElementColour[]): string {
  const colours = elements.map(({ fill, text }, i) => `.e${i}{background:${fill};color:${text}}`);
  return [tokens, layout, sections, adapt, colours.join("\n")].join("\n").trim();
}
