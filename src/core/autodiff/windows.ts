import { InputError, ShapeError } from "../errors.ts";
import { shapeOf, type Tensor } from "./tape.ts";

/** One, two or three extents: (depth, height, width), (height, width) or (width). */
export type Extent = readonly number[];

/** What lies beyond the edges: zeros, or the other side again (as in a periodic cell). */
export type Padding = "zero" | "periodic";

/** Windows over images or volumes whose numbers lie by place and then by channel, one sample in each row. */
export interface Windows {
  /** Of the image or volume. */
  readonly extent: Extent;
  readonly channels: number;
  /** Extent of a window. */
  readonly size: Extent;
  /** Distance from window to window; 1 when left out. */
  readonly stride?: Extent | number;
  /** Places added at both ends; half a window when left out, so that stride 1 keeps an odd window's extent. */
  readonly margin?: Extent | number;
  readonly padding?: Padding;
}

/** The windows with everything worked out. */
export interface WindowLayout {
  /** How many windows there are along each axis. */
  readonly counts: Extent;
  /** Product of `counts`: windows of one sample. */
  readonly windows: number;
  /** Numbers in one window. */
  readonly windowNumbers: number;
  /** Numbers in one sample. */
  readonly numbers: number;
  /** As the kernels read it. */
  readonly settings: Int32Array;
}

/**
 * Works out windows.
 * @param layer named in the messages
 * @throws InputError for extents that are no whole numbers above 0; ShapeError when no window fits
 */
export function layOutWindows(layer: string, w: Windows): WindowLayout {
  const axes = w.extent.length;
  if (axes < 1 || axes > 3) {
    throw new InputError(`${layer}: expected 1 to 3 extents, got ${axes}.`, { path: layer });
  }
  const spread = (value: Extent | number): Extent =>
    typeof value === "number" ? Array.from({ length: axes }, () => value) : value;
  const stride = spread(w.stride ?? 1);
  const margin = spread(w.margin ?? w.size.map((size) => Math.floor(size / 2)));
  for (const [key, values, least] of [
    ["extent", w.extent, 1],
    ["size", w.size, 1],
    ["stride", stride, 1],
    ["margin", margin, 0],
    ["channels", [w.channels], 1],
  ] as const) {
    const count = key === "channels" ? 1 : axes;
    const isFine =
      values.length === count && values.every((v) => Number.isInteger(v) && v >= least);
    if (isFine) continue;
    throw new InputError(
      `${layer}: expected ${count} whole numbers of at least ${least} as ${key}, got ${values.join(" x ")}.`,
      { path: layer },
    );
  }
  const counts = w.extent.map((n, a) =>
    Math.floor((n + 2 * margin[a] - w.size[a]) / stride[a] + 1),
  );
  if (counts.some((count) => count < 1)) {
    throw new ShapeError(
      `${layer}: a window of ${w.size.join(" x ")} does not fit into ${w.extent.join(" x ")}.`,
      { path: layer },
    );
  }
  const padded = (values: Extent, fill: number): number[] => [
    ...Array.from({ length: 3 - axes }, () => fill),
    ...values,
  ];
  const product = (values: Extent): number => values.reduce((a, b) => a * b, 1);
  const settings = Int32Array.from([
    ...padded(w.extent, 1),
    w.channels,
    ...padded(w.size, 1),
    ...padded(stride, 1),
    ...padded(margin, 0),
    ...padded(counts, 1),
    w.padding === "periodic" ? 1 : 0,
  ]);
  return {
    counts,
    windows: product(counts),
    windowNumbers: product(w.size) * w.channels,
    numbers: product(w.extent) * w.channels,
    settings,
  };
}

/** @throws ShapeError unless each row of x holds one image or volume */
export function checkSamples(layer: string, x: Tensor, extent: Extent, channels: number): void {
  const expected = extent.reduce((a, b) => a * b, channels);
  if (x.columns === expected) return;
  throw new ShapeError(
    `${layer}: expected rows of ${extent.join(" x ")} places x ${channels} channels = ${expected} numbers, got ${shapeOf(x)}.`,
    { path: layer, expected: `${expected} columns`, received: `${x.columns} columns` },
  );
}
