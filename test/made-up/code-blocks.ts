/** The fenced blocks of a page that are in this language. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, words, text = '']) =>
    words === language ? [text.trim()] : [],
  )
}
