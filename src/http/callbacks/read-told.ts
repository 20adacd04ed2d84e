/**
 * What a callback tells, in each way in which it may be meant: the members of its body (JSON or a form, whatever type it came
 * as, since types are often wrong) and those of its query. What is neither JSON nor a form stands there as its text.
 */
export async function readTold(body: Buffer | undefined, type: string, query: unknown): Promise<readonly unknown[]> {
  const told: unknown[] = []
  if (body !== undefined && body.length > 0) told.push(await readBody(body, type))
  if (Object.keys(query as object).length > 0) told.push(query)
  return told
}

const multipart = /^\s*multipart\/form-data/i

async function readBody(body: Buffer, type: string): Promise<unknown> {
  if (multipart.test(type)) return readMultipart(body, type)
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text.includes('=') ? membersOf(new URLSearchParams(text)) : text
  }
}

async function readMultipart(body: Buffer, type: string): Promise<unknown> {
  try {
    const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': type } }).formData()
    return membersOf(form)
  } catch {
    return body.toString('utf8')
  }
}

/** A member that comes several times is a list: which one is meant is not known. A file has no value. */
function membersOf(form: Iterable<[string, unknown]>): Record<string, unknown> {
  const values = Map.groupBy(form, ([name]) => name)
  return Object.fromEntries(
    [...values].map(([name, all]) => {
      const texts = all.map(([, value]) => (typeof value === 'string' ? value : null))
      return [name, texts.length === 1 ? texts[0] : texts]
    }),
  )
}
