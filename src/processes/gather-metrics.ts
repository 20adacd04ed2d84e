import type { ChildProcess } from 'node:child_process'
import type { ProcessMetrics } from './merge-metrics.ts'
import type { FromServing, ToServing } from './messages.ts'

/** A process that does not answer by then is busy or hangs: its samples are absent, which a scrape shows. */
const patienceMs = 2_000

type About<Message> = Extract<Message, { readonly id: number }>

/** Answers processes that ask for the metrics of all: asks those that serve, and hands on what they tell. */
export function gatherMetrics(serving: ReadonlyMap<number, ChildProcess>): {
  take(from: ChildProcess, message: About<FromServing>): void
} {
  let asked = 0
  const told = new Map<number, (from: ChildProcess, text: string | undefined) => void>()

  const ask = (): Promise<readonly ProcessMetrics[]> =>
    new Promise((resolve) => {
      const id = ++asked
      const missing = new Map([...serving].map(([number, child]) => [child, number]))
      const texts: ProcessMetrics[] = []
      const finish = () => {
        clearTimeout(timer)
        told.delete(id)
        resolve(texts.sort(([one], [other]) => one - other))
      }
      const timer = setTimeout(finish, patienceMs)
      told.set(id, (from, text) => {
        const number = missing.get(from)
        missing.delete(from)
        if (number !== undefined && text !== undefined) texts.push([number, text])
        if (missing.size === 0) finish()
      })
      for (const child of missing.keys()) send(child, { ask: 'metrics', id })
    })
  return {
    take(from, message) {
      if ('told' in message) told.get(message.id)?.(from, message.text)
      else ask().then((texts) => send(from, { told: 'metrics', id: message.id, texts }))
    },
  }
}

/** One that has just ended hears nothing more. */
function send(child: ChildProcess, message: ToServing): void {
  if (child.connected) child.send(message, () => {})
}
