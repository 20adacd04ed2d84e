import { posix } from 'node:path'
import { nameOtherArchive } from './name-container.ts'
import { type GiveWay, readXml } from './read-xml.ts'
import type { WorkbookParts } from './workbook-parts.ts'
import { brokenWorkbook, unreadableWorkbook } from './workbook-refusals.ts'

/** Where in a workbook its rows are. Names of parts are as the archive has them, in lower case. */
export type Workbook = {
  /** The one that is read: the first one that is not hidden. */
  readonly sheet: { readonly name: string; readonly part: string }
  /** How many there are, with what is no table, such as charts. */
  readonly sheets: number
  /** Days are counted from 1904, as on old Macs. */
  readonly is1904: boolean
  readonly sharedStrings: string | undefined
  readonly styles: string | undefined
}

/** More than any workbook has. */
const mostSheets = 1_000
const mostRelations = 5_000
const longestName = 100

/** @throws FileRefused when it is another kind of file, or holds no sheet; UploadNotKept */
export async function readWorkbook(parts: WorkbookParts, giveWay: GiveWay): Promise<Workbook> {
  const [start] = (await readRelations(parts, '', giveWay)).filter(({ type }) => type === 'officeDocument')
  const main = start?.target ?? 'xl/workbook.xml'
  if (!parts.names.has(main) || !main.endsWith('.xml')) throw await nameOtherArchive(parts)
  const { isWorkbook, is1904, sheets } = await readSheets(parts, main, giveWay)
  if (!isWorkbook) throw await nameOtherArchive(parts)
  const relations = await readRelations(parts, main, giveWay)
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target
  const tables = sheets.flatMap(({ id, ...sheet }) => {
    const relation = relations.find((relation) => relation.id === id && relation.type === 'worksheet')
    return relation === undefined ? [] : [{ ...sheet, part: relation.target }]
  })
  const sheet = tables.find(({ isHidden }) => !isHidden) ?? tables[0]
  if (sheet === undefined) throw unreadableWorkbook('The workbook has no sheet with cells', 'Choose the file again')
  if (!parts.names.has(sheet.part)) throw brokenWorkbook('its first sheet is not there')
  return { sheet, sheets: sheets.length, is1904, sharedStrings: partOf('sharedStrings'), styles: partOf('styles') }
}

type Sheet = { readonly name: string; readonly id: string; readonly isHidden: boolean }

async function readSheets(parts: WorkbookParts, main: string, giveWay: GiveWay) {
  const sheets: Sheet[] = []
  let root: string | undefined
  let is1904 = false
  const open = (name: string, attributes: Readonly<Record<string, string>>) => {
    root ??= name
    if (name === 'workbookPr') is1904 = isTrue(attributes.date1904)
    if (name !== 'sheet') return
    if (sheets.length === mostSheets) throw brokenWorkbook(`it has more than ${mostSheets} sheets`)
    const { name: title = '', state = 'visible' } = attributes
    sheets.push({ name: title.slice(0, longestName), id: relationOf(attributes), isHidden: state !== 'visible' })
  }
  await readXml(parts.read(main), { open }, giveWay)
  return { isWorkbook: root === 'workbook', is1904, sheets }
}

function relationOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
}

export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}

/** `type` is the last word of its address, which differs between the editions of the standard. */
type Relation = { readonly id: string; readonly type: string; readonly target: string }

/** What a part (`''`: the archive) refers to; nothing if it does not say. */
async function readRelations(parts: WorkbookParts, source: string, giveWay: GiveWay): Promise<readonly Relation[]> {
  const folder = posix.dirname(source)
  const name = posix.join(folder, '_rels', `${posix.basename(source)}.rels`)
  const relations: Relation[] = []
  if (!parts.names.has(name)) return relations
  const open = (
    tag: string,
    { Id: id = '', Type: type = '', Target: target = '' }: Readonly<Record<string, string>>,
  ) => {
    if (tag !== 'Relationship') return
    if (relations.length === mostRelations) throw brokenWorkbook('it refers to too many parts')
    relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), target: resolveTarget(folder, target) })
  }
  await readXml(parts.read(name), { open }, giveWay)
  return relations
}

/** Relative to the folder of the part that refers to it, or to the archive. */
function resolveTarget(folder: string, target: string): string {
  const path = target.replaceAll('\\', '/').toLowerCase()
  return posix.join('.', path.startsWith('/') ? path.slice(1) : posix.join(folder, path))
}
