import { readFileSync } from 'node:fs'

/** For gateway processes: their clock is ahead of the machine's by as many milliseconds as the file CLOCK_AHEAD says. */
const file = process.env.CLOCK_AHEAD ?? ''
const realNow = Date.now
const readEveryMs = 50
let ahead = 0
let readAt = Number.NEGATIVE_INFINITY

function now(): number {
  if (performance.now() - readAt > readEveryMs) {
    readAt = performance.now()
    ahead = Number(readFileSync(file, 'utf8'))
  }
  return realNow() + ahead
}

globalThis.Date = new Proxy(Date, {
  construct: (own, parts, target) => Reflect.construct(own, parts.length === 0 ? [now()] : parts, target) as object,
  get: (own, name) => (name === 'now' ? now : Reflect.get(own, name)),
})
