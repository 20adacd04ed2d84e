/** The way to a value in the configuration file; in the environment, the name of the variable. */
export type Path = readonly (string | number)[]

/** What is wrong, and where: `lists.newsletter.targets[1].account`. Never holds a value of the file. */
export type Mistake = { readonly place: string; readonly message: string }

/** Collects mistakes. The first one at a place counts: what follows from it would only hide it. */
export class Mistakes {
  readonly #messages = new Map<string, string>()

  /** `place`: a path, or words that are shown as they are. */
  add(place: Path | string, message: string): void {
    this.#add(typeof place === 'string' ? place : formatPlace(place), message)
  }

  #add(place: string, message: string): void {
    if (!this.#messages.has(place)) this.#messages.set(place, message)
  }

  get count(): number {
    return this.#messages.size
  }

  list(): readonly Mistake[] {
    return [...this.#messages].map(([place, message]) => ({ place, message }))
  }
}

/** The whole file. */
const root = '(file)'

/** Writes a path as people do. A key that is no plain word is quoted, and cut at 64 characters. */
export function formatPlace(path: Path): string {
  let place = ''
  for (const step of path) {
    if (typeof step === 'number') place += `[${step}]`
    else if (!/^[\w-]{1,64}$/.test(step)) place += `[${JSON.stringify(step.slice(0, 64))}]`
    else place += place === '' ? step : `.${step}`
  }
  return place === '' ? root : place
}

/** The mistakes for a console, one a line. */
export function formatMistakes(mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? '1 problem' : `${mistakes.length} problems`
  const lines = mistakes.map(({ place, message }) => `  ${place} ${message}`)
  return [`The configuration has ${count}:`, ...lines].join('\n')
}
