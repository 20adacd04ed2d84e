/** What the console says, read from where it says it. */
export type ConsoleWords = {
  readonly again: string
  readonly pager: {
    readonly before: string
    readonly next: string
    readonly shown: (from: string, to: string, all: string) => string
  }
  readonly frame: Readonly<Record<'imports' | 'people' | 'status' | 'signOut', string>>
  readonly key: Readonly<Record<'title' | 'label' | 'go' | 'again' | 'stays', string>>
  readonly failures: {
    readonly offline: { readonly title: string }
    readonly places: Readonly<Record<string, string>>
    readonly byCode: Readonly<Record<string, { readonly title: string }>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: texts and functions of them, in the form of the console's own files
  readonly imports: any
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly people: any
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly status: any
}

export async function wordsOf(language: 'en' | 'fr'): Promise<ConsoleWords> {
  const at = new URL(`../../src/console/words/${language}/index.js`, import.meta.url)
  return ((await import(at.href)) as Record<string, ConsoleWords>)[language] as ConsoleWords
}
