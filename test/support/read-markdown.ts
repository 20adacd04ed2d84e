/** A fenced block of a Markdown file. */
export type Block = {
  readonly language: string
  readonly text: string
  /** The last heading before it. */
  readonly section: string
  /** Of its first line, for messages. */
  readonly line: number
}

/** The fenced blocks of a Markdown text, in order. */
export function fencedBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  let section = ''
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^ *```(\w*)$/.exec(line)
    if (fence === null) {
      if (open !== undefined) open.lines.push(line)
      else section = /^#+ (.*)$/.exec(line)?.[1] ?? section
    } else if (open === undefined) open = { language: fence[1] ?? '', line: index + 2, lines: [] }
    else {
      blocks.push({ language: open.language, text: open.lines.join('\n'), section, line: open.line })
      open = undefined
    }
  }
  return blocks
}
