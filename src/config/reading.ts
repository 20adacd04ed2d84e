import { readFileSync } from 'node:fs'
import { formatPlace, Mistakes, type Path } from './mistakes.ts'
import type { ShapeReading } from './read-shape.ts'

/** The environment as the process got it. */
export type Variables = Readonly<Record<string, string | undefined>>

/** Reads a text file as UTF-8; throws as `readFileSync` does. */
export type ReadFile = (path: string) => string

export const readTextFile: ReadFile = (path) => readFileSync(path, 'utf8')

/**
 * One reading of the whole configuration: what was found wrong, which files were looked at, which texts are
 * references, and how `${X}` becomes a value. Values never reach a message, only places and names of variables.
 */
export class Reading implements ShapeReading {
  readonly mistakes = new Mistakes()
  /** Whether the text at a place is what the file says, or refers to variables. */
  readonly texts = new Map<string, 'literal' | 'reference'>()
  /** Paths of the `X_FILE` files, the unreadable ones too: they may become readable. */
  readonly files = new Set<string>()
  readonly #variables: Variables
  readonly #readFile: ReadFile

  constructor(variables: Variables, readFile: ReadFile) {
    this.#variables = variables
    this.#readFile = readFile
  }

  /**
   * The value of variable X, or what the file named by X_FILE holds without the newline at its end. `undefined` when
   * neither is set; a file that cannot be read is a mistake too.
   */
  variable(name: string, path: Path): string | undefined {
    const value = this.#variables[name]
    if (typeof value === 'string' && value !== '') return value
    const file = this.#variables[`${name}_FILE`]
    if (typeof file !== 'string' || file === '') return undefined
    this.files.add(file)
    const content = this.#contentOf(file, name, path)
    if (content === '') this.mistakes.add(path, `needs a value: the file named by ${name}_FILE is empty`)
    return content === '' ? undefined : content
  }

  /** What a file holds that the configuration names; a file that cannot be read is a mistake. */
  fileAt(file: string, path: Path): string | undefined {
    this.files.add(file)
    try {
      return this.#readFile(file)
    } catch (error) {
      this.mistakes.add(path, `names a file that cannot be read (${errorCode(error)})`)
      return undefined
    }
  }

  #contentOf(file: string, name: string, path: Path): string | undefined {
    try {
      return this.#readFile(file).replace(/\r?\n$/, '')
    } catch (error) {
      this.mistakes.add(path, `needs the file named by ${name}_FILE, which cannot be read (${errorCode(error)})`)
      return undefined
    }
  }

  /** Puts variables in the place of `${X}`; `$${` stands for `${` itself. `undefined`: a mistake was noted. */
  expand(text: string, path: Path): string | undefined {
    let complete = true
    let refers = false
    const expanded = text.replace(/\$?\$\{([^}]*)\}?/g, (reference: string, name: string) => {
      if (reference.startsWith('$$')) return reference.slice(1)
      refers = true
      const value = this.#valueOf(reference, name, path)
      complete &&= value !== undefined
      return value ?? ''
    })
    this.texts.set(formatPlace(path), refers ? 'reference' : 'literal')
    return complete ? expanded : undefined
  }

  #valueOf(reference: string, name: string, path: Path): string | undefined {
    if (!reference.endsWith('}') || !/^[A-Za-z_]\w{0,63}$/.test(name)) {
      this.mistakes.add(path, `has a reference without a variable's name: write \${NAME}, or $\${ for the characters`)
      return undefined
    }
    const value = this.variable(name, path)
    if (value === undefined) this.mistakes.add(path, `needs the variable ${name} (or ${name}_FILE), which is not set`)
    return value
  }
}

/** The code of a system error (`ENOENT`). Its message is not used: it repeats the path. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}
