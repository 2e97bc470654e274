/** Colour of one element in this report and the text colour that reads on it. */
export interface ElementColour {
  readonly symbol: string;
  readonly fill: string;
  readonly text: string;
}

/**
 * Distinct hues that differ in lightness too, so that neighbours stay apart without colour vision.
 * Source: P. Tol, Colour schemes, SRON/EPS/TN/09-002 (2021), schemes bright, muted and light, and
 * M. Okabe, K. Ito, Color universal design (2008); the order is ours.
 */
const hues = [
  "#4477aa",
  "#ddcc77",
  "#cc6677",
  "#88ccee",
  "#228833",
  "#eebbcc",
  "#aa4499",
  "#e69f00",
  "#44aa99",
  "#882255",
  "#bbbbbb",
  "#d55e00",
  "#999933",
  "#99ddff",
  "#6a5acd",
  "#ffccaa",
];

/**
 * One colour per element, by its place in `symbols`, the same all over a report. More elements than
 * hues start over in a darker shade; labels carry the symbol wherever there is room.
 */
export function elementColours(symbols: readonly string[]): ElementColour[] {
  return symbols.map((symbol, i) => {
    const fill = shade(hues[i % hues.length] ?? "#888888", 0.72 ** Math.floor(i / hues.length));
    return { symbol, fill, text: luminance(fill) > 0.179 ? "#000000" : "#ffffff" };
  });
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function shade(hex: string, factor: number): string {
  const parts = channels(hex).map((c) =>
    Math.round(c * factor)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${parts.join("")}`;
}

/** Relative luminance. Source: W3C, Web Content Accessibility Guidelines 2.1 (2018). */
export function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = channels(hex).map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
