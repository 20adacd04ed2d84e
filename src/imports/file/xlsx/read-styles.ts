import { builtInFormat, formatOfCode, type NumberFormat } from './number-format.ts'
import { type GiveWay, readXml } from './read-xml.ts'
import { brokenWorkbook } from './workbook-refusals.ts'

/** Excel itself knows about 65,000. */
const mostStyles = 70_000
/** Longer is no format of Excel's. */
const longestCode = 1_000

/** How numbers are shown, by the number of the style that a cell has. @throws FileRefused; UploadNotKept */
export async function readStyles(part: AsyncIterable<Uint8Array>, giveWay: GiveWay): Promise<readonly NumberFormat[]> {
  const own = new Map<string, NumberFormat>()
  const styles: string[] = []
  let within: string | undefined
  const open = (name: string, { numFmtId = '0', formatCode = '' }: Readonly<Record<string, string>>) => {
    if (name === 'numFmts' || name === 'cellXfs') within = name
    else if (within === 'numFmts' && name === 'numFmt')
      own.set(numFmtId, formatOfCode(formatCode.slice(0, longestCode)))
    else if (within === 'cellXfs' && name === 'xf') styles.push(numFmtId)
    if (styles.length > mostStyles || own.size > mostStyles) throw brokenWorkbook('it has too many styles')
  }
  const close = (name: string) => {
    if (name === within) within = undefined
  }
  await readXml(part, { open, close }, giveWay)
  return styles.map((id) => own.get(id) ?? builtInFormat(Number(id)))
}
