import { naturalness } from './natural-text.ts'
import { decoderOf } from './text-encoding.ts'

/** Where two read a text equally well, the one that more files are in comes first. */
const candidates = [
  'windows-1252',
  'windows-1254',
  'windows-1250',
  'windows-1251',
  'gb18030',
  'shift_jis',
  'big5',
  'euc-kr',
  'iso-8859-15',
  'iso-8859-2',
  'macintosh',
  'windows-1253',
  'koi8-r',
] as const

/** What can be read no better than this is not named. */
const leastNaturalness = 0.7
/** As much is looked at, and only lines that can tell. */
const sampledBytes = 4_096

export type Reading = { readonly encoding: string; readonly text: string; readonly natural: number }

/** The encoding that bytes seem to be in, which begin with a whole character; `undefined` where that cannot be told. */
export function guessEncoding(bytes: Uint8Array): string | undefined {
  const sample = tellingLines(bytes)
  if (sample.length === 0) return undefined
  if (readAs('utf-8', sample) !== undefined) return 'utf-8'
  const best = mostNatural(sample)
  return best !== undefined && best.natural >= leastNaturalness ? best.encoding : undefined
}

/** How bytes are read best by one of the candidates, if any can read them. */
export function mostNatural(bytes: Uint8Array): Reading | undefined {
  const readings = candidates.flatMap((encoding) => {
    const text = readAs(encoding, bytes)
    return text === undefined ? [] : [{ encoding, text, natural: naturalness(text) ?? 0 }]
  })
  return readings.toSorted((one, other) => other.natural - one.natural)[0]
}

/** A character that the sample's end cuts off does not count. */
function readAs(encoding: string, sample: Uint8Array): string | undefined {
  const text = decoderOf(encoding).decode(sample, { stream: true })
  return text.includes('\ufffd') ? undefined : text
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The lines that hold bytes beyond ASCII. No character of the candidates has a line break in it. */
function tellingLines(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = []
  let missing = sampledBytes
  for (let start = 0; start < bytes.length && missing > 0; ) {
    let end = start
    let isTelling = false
    for (; end < bytes.length && bytes[end] !== lineFeed && bytes[end] !== carriageReturn; end++)
      isTelling ||= (bytes[end] as number) > 0x7f
    end = Math.min(end + 1, bytes.length)
    if (isTelling) {
      lines.push(bytes.subarray(start, Math.min(end, start + missing)))
      missing -= end - start
    }
    start = end
  }
  return Buffer.concat(lines)
}
