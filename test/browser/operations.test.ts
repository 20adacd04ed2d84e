import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLongRun } from '../support/long-run.ts'
import { eachOpen, sidewaysOf } from './look-at.ts'
import { type Docs, type DocsPage, startDocs } from './open-docs.ts'

/**
 * Operations in Swagger UI, each opened alone, on a large and on a small screen. Everyday those of one half, which is drawn;
 * `LONG_RUN=1`: all of them.
 */

const large = { width: 1280, colorScheme: 'light' } as const
const small = { width: 375 } as const

/**
 * The whole page is laid out anew for each size, so that everyday each second operation alone is looked at on a large
 * screen, where there is room. In the long form an operation begins with the size that the last one was left in.
 */
function widthsOf(place: number): readonly number[] {
  if (isLongRun) return place % 2 === 0 ? [large.width, small.width] : [small.width, large.width]
  return place % 2 === 0 ? [large.width, small.width] : [small.width]
}

const half = Math.random() < 0.5 ? 0 : 1
const isChosen = (place: number) => isLongRun || place % 2 === half

let docs: Docs
beforeAll(async () => {
  docs = await startDocs()
})
afterAll(() => docs?.close())

async function withDocs(look: (page: DocsPage['page']) => Promise<void>): Promise<void> {
  const { page, complaints } = await docs.open(large)
  try {
    await look(page)
    expect(complaints).toEqual({ console: [], outside: [] })
  } finally {
    await page.close()
  }
}

describe('of each operation that is open alone', () => {
  const looked: { name: string; examples: string[]; sizes: { width: number; height: number; sideways: number }[] }[] =
    []
  // Swagger UI takes seconds to open one on a busy machine, so all is looked at in one walk.
  beforeAll(
    () =>
      withDocs(async (page) => {
        for await (const { name, operation } of eachOpen(page, isChosen)) {
          const shown = operation.locator('.opblock-section-request-body .microlight, .response .microlight')
          const examples = await shown.allTextContents()
          const seen = []
          for (const width of widthsOf(looked.length)) {
            await page.setViewportSize({ width, height: 900 })
            const box = await operation.boundingBox()
            seen.push({ width, height: box?.height ?? Infinity, sideways: await sidewaysOf(page) })
          }
          looked.push({ name, examples, sizes: seen })
        }
      }),
    300_000,
  )

  it.each([large, small])('the height is below 3,000 px on a screen $width px wide, and it fits', ({ width }) => {
    const there = looked.flatMap(({ name, sizes }) =>
      sizes.filter((size) => size.width === width).map((size) => ({ name, ...size })),
    )
    expect(there.length).toBeGreaterThan(10)
    expect(there.filter(({ height, sideways }) => height >= 3000 || sideways !== 0)).toEqual([])
  })

  it('no example of a body or of a success is made of the names of types', () => {
    const examples = looked.flatMap(({ name, examples }) => examples.map((text) => ({ name, text })))
    expect(examples.length).toBeGreaterThan(20)
    expect(examples.filter(({ text }) => /"string"|^string$|additionalProp/.test(text))).toEqual([])
  })
})
