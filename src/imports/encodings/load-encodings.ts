/**
 * Loads what texts beyond ASCII are judged by, some 70 ms of work: else the first file with such a text would wait for it, and
 * all other requests with it.
 */
export async function loadEncodings(): Promise<void> {
  await import('./doubtful-text.ts')
}
