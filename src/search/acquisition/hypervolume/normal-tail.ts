import { erfcx } from "../../../core/elementary.ts";
import { normalCdf, normalPdf } from "../../../core/special.ts";

/**
 * Density, cumulative probability and `z cdf + pdf` (the expected height of a standard normal number below z),
 * each to be multiplied with exp(-exponent), which alone would underflow far in the lower tail.
 */
export interface NormalTail {
  pdf: number;
  cdf: number;
  height: number;
  exponent: number;
}

const inverseRootTwoPi = 0.3989422804014327;
/** Below, `z cdf + pdf` loses too many digits and its series in 1 / z^2 is exact to 1e-13. */
const far = -50;

/** Writes the values at z into `out`; all three are accurate relative to themselves for every z. */
export function normalTailInto(z: number, out: NormalTail): void {
  if (z >= -1) {
    out.pdf = normalPdf(z);
    out.cdf = normalCdf(z);
    out.height = z * out.cdf + out.pdf;
    out.exponent = 0;
    return;
  }
  out.pdf = inverseRootTwoPi;
  out.cdf = 0.5 * erfcx(-z * Math.SQRT1_2);
  out.exponent = 0.5 * z * z;
  if (z >= far) {
    out.height = z * out.cdf + out.pdf;
  } else {
    const r = 1 / (z * z);
    out.height = inverseRootTwoPi * r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r)));
  }
}
