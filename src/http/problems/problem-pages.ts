import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { problemResponses } from './problem-schema.ts'
import { Problem, type ProblemKind, type ProblemSlug, problemKinds } from './problems.ts'

/** `GET /problems/{slug}`: the page that a problem's `type` leads to. */
export function problemPages(app: Routes): void {
  const pages = new Map(Object.entries(problemKinds).map(([slug, kind]) => [slug, page(slug as ProblemSlug, kind)]))
  app.get(
    '/problems/:slug',
    {
      config: { scope: 'open' },
      schema: {
        operationId: 'getProblemPage',
        summary: 'Explain a kind of problem',
        description: 'A page for people: what the problem means and how to mend it.',
        tags: ['Service'],
        params: Type.Object({
          slug: Type.String({
            maxLength: 200,
            description: 'The code of the problem.',
            examples: ['validation-failed'],
          }),
        }),
        response: {
          200: {
            description: 'The page.',
            content: { 'text/html': { schema: Type.String(), example: pages.get('not-found') } },
          },
          ...problemResponses('malformed-request', 'not-found'),
        },
      },
    },
    async (request, reply) => {
      const html = pages.get(request.params.slug)
      if (html === undefined) throw new Problem('not-found')
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(html)
    },
  )
}

/** In the colours that the reader's system has, light or dark. */
const style = [
  ':root{color-scheme:light dark;background:light-dark(#fff,#16181a);color:light-dark(#1c1c1c,#eee)}',
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;overflow-wrap:break-word}',
  'code{background:light-dark(#eee,#333);padding:.1em .3em}',
].join('\n')

function page(slug: ProblemSlug, { status, title, meaning, retriable }: ProblemKind): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
<h1>${title}</h1>
<p><code>${slug}</code> with HTTP status ${status}.</p>
<p>${meaning}</p>
<p>${retriable ? 'The same request can succeed later.' : 'The same request will fail again until something is changed.'}</p>
</html>
`
}
