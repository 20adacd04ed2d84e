import { createHash } from 'node:crypto'

/** What is behind the key screen is not waited for. */
const behindKey = /^(?:import|person|status)\//
/** Loaded when somebody looks at what needs them. */
const loadedLater = /^lib\/uplot\.js$|\.svg$/

/** The one page, with addresses relative to its own, so that it works behind any path of a proxy. */
export function pageOf(digest: string, files: readonly string[], libraries: ReadonlyMap<string, string>) {
  const at = (file: string) => `./console/${digest}/${file}`
  const imports = Object.fromEntries([...libraries].map(([name, file]) => [name, at(file)]))
  const importMap = JSON.stringify({ imports })
  const wanted = files.filter((file) => !loadedLater.test(file))
  const styles = wanted.filter((file) => file.endsWith('.css'))
  const modules = wanted.filter((file) => file.endsWith('.js') && file !== 'main.js')
  const scripts = modules.toSorted((one, other) => Number(behindKey.test(one)) - Number(behindKey.test(other)))
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>contact-gateway</title>
<link rel="icon" type="image/svg+xml" href="${at('icon.svg')}">
${styles.map((file) => `<link rel="stylesheet" href="${at(file)}">`).join('\n')}
<script type="importmap">${importMap}</script>
<script type="module" src="${at('main.js')}"></script>
${scripts.map((file) => `<link rel="modulepreload" href="${at(file)}">`).join('\n')}
<div id="console"><noscript>This page needs JavaScript.</noscript></div>
</html>
`
  return { html, contentPolicy: contentPolicy(createHash('sha256').update(importMap).digest('base64')) }
}

/** Its own files and calls to this gateway; of what is inline the import map alone. */
function contentPolicy(importMapHash: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${importMapHash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
