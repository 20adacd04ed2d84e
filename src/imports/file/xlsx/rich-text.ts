/** `_x000D_` for what XML cannot hold; `_x005F_` for a `_` before what would look like that. */
const escaped = /_x([0-9A-Fa-f]{4})_/g

/** A text as it was before it was written into a workbook. */
export function unescapeText(text: string): string {
  return text.includes('_x') ? text.replace(escaped, (_, code) => String.fromCharCode(Number.parseInt(code, 16))) : text
}

/**
 * Collects a text that may stand in runs, each with its looks. How it is pronounced stands beside it, and is left out. All
 * white space belongs to the text. What is longer than `mostCharacters` is cut behind the first character too many.
 */
export class RichText {
  readonly #mostCharacters: number
  #text = ''
  #isInText = false
  #isPhonetic = false

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters
  }

  open(name: string): void {
    if (name === 't') this.#isInText = !this.#isPhonetic
    else if (name === 'rPh') this.#isPhonetic = true
  }

  close(name: string): void {
    if (name === 't') this.#isInText = false
    else if (name === 'rPh') this.#isPhonetic = false
  }

  add(text: string): void {
    if (this.#isInText) this.addValue(text)
  }

  /** What stands in no run. */
  addValue(text: string): void {
    if (this.#text.length <= this.#mostCharacters) this.#text += text.slice(0, this.#mostCharacters + 1)
  }

  /** Begins anew. */
  take(): string {
    const text = this.#text
    this.#text = ''
    this.#isInText = false
    this.#isPhonetic = false
    return text.length > this.#mostCharacters ? text : unescapeText(text)
  }
}
