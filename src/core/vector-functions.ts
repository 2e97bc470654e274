import { kernels } from "../kernels/instance.ts";

type Name = "vectorExp" | "vectorLog" | "vectorTanh" | "vectorErf";

/** Numbers per pass, so that the copies stay in the cache. */
const chunk = 4096;

function apply(name: Name, values: ArrayLike<number>): Float64Array {
  const k = kernels();
  const result = new Float64Array(values);
  return k.heap.scope(() => {
    const address = k.heap.allocate(Math.min(chunk, result.length));
    for (let start = 0; start < result.length; start += chunk) {
      const part = result.subarray(start, start + chunk);
      const work = k.heap.view(address, part.length);
      work.set(part);
      k.functions[name](part.length, address, address);
      part.set(work);
    }
    return result;
  });
}

/** e^x of every number; within 1 unit in the last place. */
export const expOf = (values: ArrayLike<number>): Float64Array => apply("vectorExp", values);

/** Natural logarithm of every number; within 1 unit in the last place; NaN below 0, -Infinity at 0. */
export const logOf = (values: ArrayLike<number>): Float64Array => apply("vectorLog", values);

/** Hyperbolic tangent of every number; within 2 units in the last place. */
export const tanhOf = (values: ArrayLike<number>): Float64Array => apply("vectorTanh", values);

/** Error function of every number; within 3 units in the last place. */
export const erfOf = (values: ArrayLike<number>): Float64Array => apply("vectorErf", values);
