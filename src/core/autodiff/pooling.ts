import { reshape } from "./columns.ts";
import { affine } from "./elementwise.ts";
import { gatherRows, segmentSum } from "./segments.ts";
import type { Tensor } from "./tape.ts";
import { checkSamples, layOutWindows, type Extent } from "./windows.ts";

/** Images or volumes, one in each row, by place and then by channel. */
export interface Grid {
  readonly extent: Extent;
  readonly channels: number;
}

/**
 * Mean over blocks of places that do not overlap; what does not fill a block at the far ends is left out.
 * @param x n x (places, channels) @returns n x (blocks, channels)
 * @throws ShapeError, InputError naming the layer
 */
export function meanPool(x: Tensor, { extent, channels }: Grid, size: Extent, layer = "meanPool") {
  const { places, count, perBlock } = blocksOf(x, { extent, channels }, size, layer);
  const rows = reshape(x, x.rows * places.length, channels);
  // Places outside of all blocks go to one more row, which is left out.
  const total = x.rows * count;
  const segments = Int32Array.from({ length: x.rows * places.length }, (_, k) => {
    const block = places[k % places.length];
    return block < 0 ? total : Math.floor(k / places.length) * count + block;
  });
  const sums = segmentSum(rows, segments, total + 1);
  const kept = gatherRows(
    sums,
    Int32Array.from({ length: total }, (_, k) => k),
  );
  return affine(reshape(kept, x.rows, count * channels), 1 / perBlock, 0);
}

/**
 * Largest number of each channel over blocks of places that do not overlap; its gradient goes to the first place
 * that has it.
 * @param x n x (places, channels) @returns n x (blocks, channels)
 * @throws ShapeError, InputError naming the layer
 */
export function maxPool(x: Tensor, { extent, channels }: Grid, size: Extent, layer = "maxPool") {
  const { tape } = x;
  const { places, count } = blocksOf(x, { extent, channels }, size, layer);
  const width = count * channels;
  const y = tape.output(layer, x.rows, width, x);
  const from = tape.view(x.address, x.rows * x.columns);
  const to = tape.view(y.address, x.rows * width).fill(Number.NEGATIVE_INFINITY);
  const chosen = new Int32Array(x.rows * width).fill(-1);
  for (let i = 0; i < x.rows; i++) {
    places.forEach((block, place) => {
      if (block < 0) return;
      for (let c = 0; c < channels; c++) {
        const source = i * x.columns + place * channels + c;
        const target = i * width + block * channels + c;
        if (chosen[target] >= 0 && !(from[source] > to[target])) continue;
        to[target] = from[source];
        chosen[target] = source;
      }
    });
  }
  tape.record(y, (gy) => {
    const gradient = tape.view(tape.gradient(x), x.rows * x.columns);
    const back = tape.view(gy, chosen.length);
    chosen.forEach((source, target) => (gradient[source] += back[target]));
  });
  return y;
}

/**
 * Repeats each place `factor` times along every axis (nearest neighbour).
 * @param x n x (places, channels) @returns n x (more places, channels)
 * @throws ShapeError, InputError naming the layer
 */
export function upsample(
  x: Tensor,
  { extent, channels }: Grid,
  factor: Extent,
  layer = "upsample",
) {
  checkSamples(layer, x, extent, channels);
  const large = extent.map((n, a) => n * (factor[a] ?? 1));
  const { places, count } = blocksOf(undefined, { extent: large, channels }, factor, layer);
  const rows = reshape(x, x.rows * count, channels);
  const indices = Int32Array.from(
    { length: x.rows * places.length },
    (_, k) => Math.floor(k / places.length) * count + places[k % places.length],
  );
  return reshape(gatherRows(rows, indices), x.rows, places.length * channels);
}

/** The block that each place is in (-1 for none), how many blocks there are, and places in each. */
function blocksOf(x: Tensor | undefined, { extent, channels }: Grid, size: Extent, layer: string) {
  const { counts, windows } = layOutWindows(layer, {
    extent,
    channels,
    size,
    stride: size,
    margin: 0,
  });
  if (x !== undefined) checkSamples(layer, x, extent, channels);
  const total = extent.reduce((a, b) => a * b, 1);
  const places = Int32Array.from({ length: total }, (_, place) => {
    let rest = place;
    let block = 0;
    let step = 1;
    for (let a = extent.length - 1; a >= 0; a--) {
      const at = Math.floor((rest % extent[a]) / size[a]);
      rest = Math.floor(rest / extent[a]);
      if (at >= counts[a]) return -1;
      block += at * step;
      step *= counts[a];
    }
    return block;
  });
  return { places, count: windows, perBlock: size.reduce((a, b) => a * b, 1) };
}
