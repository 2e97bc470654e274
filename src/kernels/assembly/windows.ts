import { lanes, place } from "./real";

// Windows of images and volumes, for convolutions. Numbers lie by sample, depth, height, width, channel. The
// layout is 17 i32: extent (3), channels, window (3), stride (3), padding (3), count of windows (3), and 1 where
// the edges wrap around.

function setting(layout: usize, index: i32): i32 {
  return load<i32>(layout + ((<usize>index) << 2));
}

/** Place on an axis of this extent; -1 outside of it when edges do not wrap around. */
function onAxis(position: i32, extent: i32, wraps: bool): i32 {
  if (position >= 0 && position < extent) return position;
  if (!wraps) return -1;
  const rest = position % extent;
  return rest < 0 ? rest + extent : rest;
}

function copyRun<T>(n: i32, from: usize, to: usize): void {
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    v128.store(place<T>(to, i), v128.load(place<T>(from, i)));
  }
  for (; i < n; i++) store<T>(place<T>(to, i), load<T>(place<T>(from, i)));
}

function clearRun<T>(n: i32, to: usize): void {
  for (let i = 0; i < n; i++) store<T>(place<T>(to, i), 0);
}

function addRun<T>(n: i32, from: usize, to: usize): void {
  let i = 0;
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const at = place<T>(to, i);
    v128.store(at, v128.add<T>(v128.load(at), v128.load(place<T>(from, i))));
  }
  for (; i < n; i++) {
    const at = place<T>(to, i);
    store<T>(at, <T>(load<T>(at) + load<T>(place<T>(from, i))));
  }
}

/**
 * Rows `first` ... `first + rows - 1` of the matrix that has one row for each window of each sample, with the
 * window's numbers by depth, height, width, channel. `isFold` false copies them from x to the rows; true adds the
 * rows to x.
 */
function visit<T>(first: i32, rows: i32, layout: usize, x: usize, out: usize, isFold: bool): void {
  const depth = setting(layout, 0);
  const height = setting(layout, 1);
  const width = setting(layout, 2);
  const channels = setting(layout, 3);
  const windowDepth = setting(layout, 4);
  const windowHeight = setting(layout, 5);
  const windowWidth = setting(layout, 6);
  const countDepth = setting(layout, 13);
  const countHeight = setting(layout, 14);
  const countWidth = setting(layout, 15);
  const wraps = setting(layout, 16) == 1;
  const perSample = countDepth * countHeight * countWidth;
  for (let r = first; r < first + rows; r++) {
    const sample = r / perSample;
    let rest = r - sample * perSample;
    const a = rest / (countHeight * countWidth);
    rest -= a * countHeight * countWidth;
    const b = rest / countWidth;
    const c = rest - b * countWidth;
    const startDepth = a * setting(layout, 7) - setting(layout, 10);
    const startHeight = b * setting(layout, 8) - setting(layout, 11);
    const startWidth = c * setting(layout, 9) - setting(layout, 12);
    const isInside = startWidth >= 0 && startWidth + windowWidth <= width;
    for (let i = 0; i < windowDepth; i++) {
      const d = onAxis(startDepth + i, depth, wraps);
      for (let j = 0; j < windowHeight; j++) {
        const h = onAxis(startHeight + j, height, wraps);
        const run = windowWidth * channels;
        if (d < 0 || h < 0) {
          if (!isFold) clearRun<T>(run, out);
          out = place<T>(out, run);
          continue;
        }
        const line = ((sample * depth + d) * height + h) * width;
        if (isInside) {
          const at = place<T>(x, (line + startWidth) * channels);
          if (isFold) addRun<T>(run, out, at);
          else copyRun<T>(run, at, out);
          out = place<T>(out, run);
          continue;
        }
        for (let k = 0; k < windowWidth; k++) {
          const w = onAxis(startWidth + k, width, wraps);
          if (w >= 0) {
            const at = place<T>(x, (line + w) * channels);
            if (isFold) addRun<T>(channels, out, at);
            else copyRun<T>(channels, at, out);
          } else if (!isFold) clearRun<T>(channels, out);
          out = place<T>(out, channels);
        }
      }
    }
  }
}

/** Windows of x as rows; see `visit`. */
export function unfold<T>(first: i32, rows: i32, layout: usize, x: usize, out: usize): void {
  visit<T>(first, rows, layout, x, out, false);
}

/** Adds rows of windows to x; the transpose of `unfold`. */
export function fold<T>(first: i32, rows: i32, layout: usize, from: usize, x: usize): void {
  visit<T>(first, rows, layout, x, from, true);
}
