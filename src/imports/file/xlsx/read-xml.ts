import sax, { type SAXParser, type Tag } from 'sax'
import { brokenWorkbook } from './workbook-refusals.ts'

/** Told of one part of a workbook as it is read. Names have no prefix: `row` also where the file has `x:row`. */
export type XmlHandler = {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  /** All or a piece of what stands between tags. */
  text?(text: string): void
  close?(name: string): void
}

/** Resolves when it is the reader's turn. */
export type GiveWay = () => Promise<void>

/** How many characters are parsed in one go. */
const pieceCharacters = 16_384
/** A cell is six deep; in what is deeper nothing is looked for. */
const deepest = 100
const mostAttributes = 200

/**
 * Parses a part, piece by piece; yields when the handler was told of one. Memory holds a piece: sax cuts long texts, and
 * refuses long names and values.
 * @throws FileRefused for what is not well-formed, and for a DTD, which could name files and define endless texts
 */
export async function* parseXml(
  bytes: AsyncIterable<Uint8Array>,
  handler: XmlHandler,
  giveWay: GiveWay,
): AsyncGenerator<void, void, undefined> {
  const parser = strictParser(handler)
  for await (const text of decoded(bytes)) {
    for (let start = 0; start < text.length; start += pieceCharacters) {
      await giveWay()
      parser.write(text.slice(start, start + pieceCharacters))
      yield
    }
  }
  parser.close()
  yield
}

/** Parses a part to its end. */
export async function readXml(bytes: AsyncIterable<Uint8Array>, handler: XmlHandler, giveWay: GiveWay): Promise<void> {
  for await (const _ of parseXml(bytes, handler, giveWay));
}

/** Without the position sax does not look after the length of what it holds. */
const strictOptions = { position: true, strictEntities: true }

function strictParser(handler: XmlHandler): SAXParser {
  const parser = sax.parser(true, strictOptions)
  let depth = 0
  parser.onerror = () => {
    throw brokenWorkbook(noXml)
  }
  parser.ondoctype = () => {
    throw brokenWorkbook('it has a document type definition, which no spreadsheet program writes')
  }
  let attributes = 0
  parser.onopentagstart = () => {
    attributes = 0
  }
  parser.onattribute = () => {
    if (++attributes > mostAttributes) throw brokenWorkbook('one of its tags has too many attributes')
  }
  parser.onopentag = ({ name, attributes }) => {
    if (++depth > deepest) throw brokenWorkbook('its tags stand in one another without end')
    handler.open(withoutPrefix(name), attributes as Tag['attributes'])
  }
  parser.onclosetag = (name) => {
    depth--
    handler.close?.(withoutPrefix(name))
  }
  if (handler.text !== undefined) {
    const tell = handler.text.bind(handler)
    parser.ontext = tell
    parser.oncdata = tell
  }
  return parser
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const noXml = 'a part of it is no XML that can be read'

/** Texts are in UTF-8, or in UTF-16 with a byte order mark. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
    yield decode(decoder, chunk)
  }
  if (decoder !== undefined) yield decode(decoder)
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch {
    throw brokenWorkbook(noXml)
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
