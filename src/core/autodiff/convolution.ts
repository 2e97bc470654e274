import { ShapeError } from "../errors.ts";
import { shapeOf, type Tape, type Tensor } from "./tape.ts";
import { checkSamples, layOutWindows, type WindowLayout, type Windows } from "./windows.ts";

/** Numbers of windows that are laid out at a time: about what a processor keeps near, whatever the volume. */
const blockNumbers = 1 << 17;

/**
 * Convolution of images or volumes (cross-correlation, as networks use it): each window of x times w plus b.
 * @param x n x (places of `extent`, channels) @param w window numbers (by place, then channel) x outputs
 * @param b 1 x outputs @param layer named in the messages
 * @returns n x (windows, outputs): again by place and then by channel
 * @throws ShapeError naming the layer
 */
export function convolve(
  x: Tensor,
  w: Tensor,
  b: Tensor,
  windows: Windows,
  layer = "convolve",
): Tensor {
  const { tape } = x;
  const k = tape.kernels;
  const layout = layOutWindows(layer, windows);
  checkSamples(layer, x, windows.extent, windows.channels);
  const outputs = w.columns;
  if (w.rows !== layout.windowNumbers) {
    throw new ShapeError(
      `${layer}: expected weights of ${layout.windowNumbers} x outputs for a window of ${windows.size.join(" x ")} x ${windows.channels} channels, got ${shapeOf(w)}.`,
      { path: layer },
    );
  }
  checkBias(layer, b, outputs);
  const rows = x.rows * layout.windows;
  const y = tape.output(layer, x.rows, layout.windows * outputs, x, w, b);
  k.clear(y.address, rows * outputs * k.bytesPerNumber);
  k.accumulate(rows, outputs, 1, b.address, 0, 1, y.address, outputs, 1);
  const { settings, scratch } = prepare(tape, layout, rows);
  const size = layout.windowNumbers;
  eachBlock(layout, rows, (first, count) => {
    k.unfold(first, count, settings, x.address, scratch);
    const at = y.address + first * outputs * k.bytesPerNumber;
    k.gemm(count, outputs, size, 1, scratch, size, 1, w.address, outputs, 1, at, outputs);
  });
  tape.record(y, (gy) => {
    if (b.needsGradient) {
      k.accumulate(rows, outputs, 1, gy, outputs, 1, tape.gradient(b), 0, 1);
    }
    const gw = w.needsGradient ? tape.gradient(w) : 0;
    const gx = x.needsGradient ? tape.gradient(x) : 0;
    eachBlock(layout, rows, (first, count) => {
      const at = gy + first * outputs * k.bytesPerNumber;
      if (gw !== 0) {
        k.unfold(first, count, settings, x.address, scratch);
        k.gemm(size, outputs, count, 1, scratch, 1, size, at, outputs, 1, gw, outputs);
      }
      if (gx !== 0) {
        k.clear(scratch, count * size * k.bytesPerNumber);
        k.gemm(count, size, outputs, 1, at, outputs, 1, w.address, 1, outputs, scratch, size);
        k.fold(first, count, settings, scratch, gx);
      }
    });
  });
  return y;
}

/**
 * Transposed convolution: each place of x puts its numbers times w into one window of the result, which has the
 * extent that `windows` says; as many windows as x has places. Stride 2 doubles the extent.
 * @param x n x (windows, inputs) @param w inputs x window numbers (by place, then channel)
 * @param b 1 x channels of the result @param layer named in the messages
 * @returns n x (places of `extent`, channels)
 * @throws ShapeError naming the layer
 */
export function convolveTransposed(
  x: Tensor,
  w: Tensor,
  b: Tensor,
  windows: Windows,
  layer = "convolveTransposed",
): Tensor {
  const { tape } = x;
  const k = tape.kernels;
  const layout = layOutWindows(layer, windows);
  const { channels } = windows;
  const inputs = w.rows;
  checkSamples(layer, x, layout.counts, inputs);
  if (w.columns !== layout.windowNumbers) {
    throw new ShapeError(
      `${layer}: expected weights of inputs x ${layout.windowNumbers} for a window of ${windows.size.join(" x ")} x ${channels} channels, got ${shapeOf(w)}.`,
      { path: layer },
    );
  }
  checkBias(layer, b, channels);
  const rows = x.rows * layout.windows;
  const places = (x.rows * layout.numbers) / channels;
  const size = layout.windowNumbers;
  const y = tape.output(layer, x.rows, layout.numbers, x, w, b);
  k.clear(y.address, x.rows * layout.numbers * k.bytesPerNumber);
  k.accumulate(places, channels, 1, b.address, 0, 1, y.address, channels, 1);
  const { settings, scratch } = prepare(tape, layout, rows);
  eachBlock(layout, rows, (first, count) => {
    const at = x.address + first * inputs * k.bytesPerNumber;
    k.clear(scratch, count * size * k.bytesPerNumber);
    k.gemm(count, size, inputs, 1, at, inputs, 1, w.address, size, 1, scratch, size);
    k.fold(first, count, settings, scratch, y.address);
  });
  tape.record(y, (gy) => {
    if (b.needsGradient) {
      k.accumulate(places, channels, 1, gy, channels, 1, tape.gradient(b), 0, 1);
    }
    const gw = w.needsGradient ? tape.gradient(w) : 0;
    const gx = x.needsGradient ? tape.gradient(x) : 0;
    if (gw === 0 && gx === 0) return;
    eachBlock(layout, rows, (first, count) => {
      const offset = first * inputs * k.bytesPerNumber;
      k.unfold(first, count, settings, gy, scratch);
      if (gw !== 0) {
        k.gemm(inputs, size, count, 1, x.address + offset, 1, inputs, scratch, size, 1, gw, size);
      }
      if (gx !== 0) {
        k.gemm(count, inputs, size, 1, scratch, size, 1, w.address, 1, size, gx + offset, inputs);
      }
    });
  });
  return y;
}

function checkBias(layer: string, b: Tensor, outputs: number): void {
  if (b.rows === 1 && b.columns === outputs) return;
  throw new ShapeError(`${layer}: expected a bias of 1 x ${outputs}, got ${shapeOf(b)}.`, {
    path: layer,
  });
}

function prepare(tape: Tape, layout: WindowLayout, rows: number) {
  const block = Math.min(rows, blockRows(layout));
  return {
    settings: tape.storeIndices(layout.settings),
    scratch: tape.allocate(block * layout.windowNumbers),
  };
}

const blockRows = ({ windowNumbers }: WindowLayout): number =>
  Math.max(1, Math.floor(blockNumbers / windowNumbers));

function eachBlock(
  layout: WindowLayout,
  rows: number,
  act: (first: number, count: number) => void,
): void {
  const block = blockRows(layout);
  for (let first = 0; first < rows; first += block) act(first, Math.min(block, rows - first));
}
