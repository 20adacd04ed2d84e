import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Docs, type DocsPage, startDocs } from './open-docs.ts'

/** Swagger UI as a person uses it, in a real browser, against a gateway in sandbox mode. */

const clean = { console: [], outside: [] }

/** Of four people the third has no number, which Octopush and Vobiz require, and the last has none that could be called. */
const people = `name,email,phone
Jane Smith,jane@example.com,+919876543210
Ravi Kumar,ravi@example.com,+919876543211
Anna Weber,anna@example.com,
Bad Number,bad@example.com,12345
`

describe('Swagger UI at /docs', () => {
  let docs: Docs
  let shown: DocsPage
  beforeAll(async () => {
    docs = await startDocs()
  })
  afterAll(() => docs?.close())
  beforeEach(async () => {
    shown = await docs.open()
    return () => shown.page.close()
  })

  it('lists every operation of the OpenAPI document, under a name of its own', async () => {
    const { page } = shown
    const answer = await fetch(`${docs.gateway.url}/openapi.json`)
    const { paths, webhooks } = (await answer.json()) as Record<'paths' | 'webhooks', Record<string, object>>
    const documented = [...Object.entries(paths), ...Object.entries(webhooks)].flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const listed = await page.locator('.opblock-summary').evaluateAll((summaries) =>
      summaries.map((summary) => {
        const text = (name: string) => summary.querySelector(name)?.textContent ?? ''
        // Swagger UI puts zero-width spaces into paths, for line breaks.
        return `${text('.opblock-summary-method')} ${text('.opblock-summary-path').replace(/\u200b/g, '')}`
      }),
    )
    expect(documented.length).toBeGreaterThan(5)
    expect(listed.sort()).toEqual(documented.sort())
    expect(await page.title()).toBe('contact-gateway API')
    expect(await page.locator('.topbar').count()).toBe(0)
    await shown.screenshot('operations', true)
    expect(shown.complaints).toEqual(clean)
  })

  it('adds contacts with the demo key, starting from the example', async () => {
    await shown.authorize(docs.demoKey)
    const operation = await shown.tryOut('POST', '/lists/{listId}/contacts')
    await operation.locator('[data-param-name=listId] input').fill('newsletter')
    const body = await shown.execute(operation, '207')
    for (const account of ['oblic-main', 'octopush-fr', 'vobiz-in']) expect(body).toContain(account)
    await shown.screenshot('added')
    expect(shown.complaints).toEqual(clean)
  })

  it('uploads a CSV file through the file picker and reads the progress until it is done', async () => {
    await shown.authorize(docs.demoKey)
    const upload = await shown.tryOut('POST', '/lists/{listId}/imports')
    await upload.locator('[data-param-name=listId] input').fill('newsletter')
    await upload
      .locator('input[type=file]')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(people) })
    await shown.screenshot('picked')
    const started = JSON.parse(await shown.execute(upload, '202')) as { id: string; rows: number }
    expect(started.rows).toBe(4)
    await shown.screenshot('uploaded')

    const progress = await shown.tryOut('GET', '/imports/{importId}')
    await progress.locator('[data-param-name=importId] input').fill(started.id)
    await expect
      .poll(async () => JSON.parse(await shown.execute(progress, '200')), { timeout: 30_000 })
      .toMatchObject({
        id: started.id,
        status: 'completed_with_errors',
        rows: 4,
        progress: {
          'oblic-main': { pending: 0, accepted: 3, rejected: 1 },
          'octopush-fr': { pending: 0, rejected: 2 },
          'vobiz-in': { pending: 0, rejected: 2 },
        },
      })
    await shown.screenshot('progress')

    const errors = await shown.tryOut('GET', '/imports/{importId}/errors')
    await errors.locator('[data-param-name=importId] input').fill(started.id)
    const { items } = JSON.parse(await shown.execute(errors, '200')) as { items: { row: number }[] }
    expect(new Set(items.map(({ row }) => row))).toEqual(new Set([3, 4]))
    await shown.screenshot('errors')
    expect(shown.complaints).toEqual(clean)
  })

  it('needs nothing inline: the content policy allows its own files alone', async () => {
    const policy = (await fetch(`${docs.gateway.url}/docs`)).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).not.toContain('unsafe')
  })

  it('shows a problem to a caller without a key', async () => {
    const operation = await shown.tryOut('GET', '/lists')
    expect(await shown.execute(operation, '401')).toContain('/problems/unauthorized')
    expect(shown.complaints.outside).toEqual([])
  })
})
