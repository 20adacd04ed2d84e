import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type NamelessFile, UploadNotKept } from '../nameless-file.ts'
import { type GiveWay, parseXml, type XmlHandler } from './read-xml.ts'
import { RichText } from './rich-text.ts'
import { brokenWorkbook } from './workbook-refusals.ts'

/** Texts are kept on disk in blocks of about so many characters, or so many texts. */
const blockCharacters = 4_096
const blockTexts = 128
/** What memory holds of them: at most 32 MB, where each character takes two bytes. A text costs so much by itself. */
const heldCharacters = 16 * 1_024 * 1_024
const textCost = 32

/** Small, so that a bomb fills no disk, and told from what the disk makes of it. */
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } }

type Block = { readonly first: number; readonly position: number; readonly bytes: number }

/** The texts of a workbook, to which its cells refer by number: on disk, but for those that were asked for last. */
export class SharedStrings {
  readonly #file: NamelessFile
  readonly #blocks: Block[] = []
  /** The one that was used last stands last. */
  readonly #held = new Map<number, readonly string[]>()
  #heldCharacters = 0
  #length = 0
  #end = 0

  private constructor(file: NamelessFile) {
    this.#file = file
  }

  /**
   * Reads the part with the texts into a file, which is closed with them. Texts are cut behind `mostCharacters`.
   * @throws FileRefused; UploadNotKept. The file is closed then.
   */
  static async read(
    part: AsyncIterable<Uint8Array>,
    file: NamelessFile,
    mostCharacters: number,
    giveWay: GiveWay,
  ): Promise<SharedStrings> {
    const strings = new SharedStrings(file)
    try {
      const collector = new TextCollector(mostCharacters)
      for await (const _ of parseXml(part, collector, giveWay))
        for (const texts of collector.takeBlocks()) await strings.#add(texts)
      await strings.#add(collector.takeRest())
      return strings
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** At once if it is at hand. @throws FileRefused when there is none; UploadNotKept */
  get(index: number): string | Promise<string> {
    if (index >= this.#length) throw brokenWorkbook('a cell refers to a text that is not there')
    const at = this.#blockOf(index)
    const { first } = this.#blocks[at] as Block
    const held = this.#held.get(at)
    if (held === undefined) return this.#load(at).then((texts) => texts[index - first] as string)
    this.#held.delete(at)
    this.#held.set(at, held)
    return held[index - first] as string
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  async #add(texts: readonly string[]): Promise<void> {
    if (texts.length === 0) return
    const bytes = zstdCompressSync(Buffer.from(JSON.stringify(texts)), compression)
    await this.#file.write(bytes, this.#end)
    this.#blocks.push({ first: this.#length, position: this.#end, bytes: bytes.length })
    this.#length += texts.length
    this.#end += bytes.length
  }

  #blockOf(index: number): number {
    let from = 0
    let upTo = this.#blocks.length
    while (upTo - from > 1) {
      const middle = (from + upTo) >>> 1
      if ((this.#blocks[middle] as Block).first <= index) from = middle
      else upTo = middle
    }
    return from
  }

  async #load(at: number): Promise<readonly string[]> {
    const { position, bytes } = this.#blocks[at] as Block
    const texts = unpack(await this.#file.read(position, bytes))
    this.#held.set(at, texts)
    this.#heldCharacters += costOf(texts)
    for (const [oldest, others] of this.#held) {
      if (this.#heldCharacters <= heldCharacters || oldest === at) break
      this.#held.delete(oldest)
      this.#heldCharacters -= costOf(others)
    }
    return texts
  }
}

function unpack(bytes: Buffer): readonly string[] {
  try {
    return JSON.parse(zstdDecompressSync(bytes).toString()) as string[]
  } catch {
    throw new UploadNotKept('EIO')
  }
}

function costOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + textCost, 0)
}

/** Takes the texts out of the part and makes blocks of them. */
class TextCollector implements XmlHandler {
  readonly #rich: RichText
  #isInItem = false
  #blocks: string[][] = []
  #texts: string[] = []
  #characters = 0

  constructor(mostCharacters: number) {
    this.#rich = new RichText(mostCharacters)
  }

  open(name: string): void {
    if (name === 'si') this.#isInItem = true
    else if (this.#isInItem) this.#rich.open(name)
  }

  text(text: string): void {
    if (this.#isInItem) this.#rich.add(text)
  }

  close(name: string): void {
    if (name === 'si') this.#endItem()
    else this.#rich.close(name)
  }

  #endItem(): void {
    const text = this.#rich.take()
    this.#isInItem = false
    this.#texts.push(text)
    this.#characters += text.length
    if (this.#characters < blockCharacters && this.#texts.length < blockTexts) return
    this.#blocks.push(this.#texts)
    this.#texts = []
    this.#characters = 0
  }

  /** Those that are full. */
  takeBlocks(): readonly string[][] {
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }

  takeRest(): readonly string[] {
    return this.#texts
  }
}
