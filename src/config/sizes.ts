const units: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

/** Bytes of a number, or of a size such as `64KB`, `2MB` or `1GB`. Units are powers of 1,024. */
export function parseSize(size: number | string): number {
  if (typeof size === 'number') return size
  const [, digits = '', unit = ''] = /^(\d+) ?([KMG]?B)$/.exec(size) ?? []
  const factor = units[unit]
  if (factor === undefined) throw new RangeError('not a size')
  return Number(digits) * factor
}

/** The same members with their sizes in bytes. */
export function readSizes<Name extends string>(sizes: Readonly<Record<Name, number | string>>): Record<Name, number> {
  const entries = Object.entries<number | string>(sizes).map(([name, size]) => [name, parseSize(size)])
  return Object.fromEntries(entries)
}
