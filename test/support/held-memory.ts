/** Bytes that this thread holds, in its heap and beside it. The process' own size is that of all test files that run now. */
export function heldMemory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
