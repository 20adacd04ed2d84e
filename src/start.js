// The process of the gateway. In JavaScript, so that a start with a filled cache needs nothing that reads TypeScript: it
// takes half the time then, and a quarter less memory. Where the cache cannot be written, it is as if it were not there.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What the gateway makes is for its own user alone: answers, uploads and the database hold people's data.
process.umask(0o077)
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/contact-gateway', import.meta.url)))
// Several processes at one address have a first one, which begins them. What is no number of them main.ts refuses.
const { WORKERS = '1', GATEWAY_PROCESS } = process.env
const isFirst = GATEWAY_PROCESS === undefined && WORKERS !== '1' && /^[1-9]\d?$/.test(WORKERS)
await import(isFirst ? './processes/first-process.ts' : './main.ts')
