/** First byte behind the binary's own constants: where the arena of the caller begins. */
export function heapBase(): usize {
  return __heap_base;
}
