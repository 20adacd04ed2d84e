import { gatewayDocument } from '../../src/simulators/gateway-document.ts'
import { startSimulators } from '../../src/simulators/start.ts'
import { expectedAt } from './people.ts'

/**
 * The simulators as a process of their own, which keeps no requests. It tells its parent what a gateway's configuration
 * needs; asked `{rows}`, it compares what each holds with the file of so many rows, and forgets everything.
 */
export type Started = Pick<ReturnType<typeof gatewayDocument>, 'accounts' | 'lists'>

/** `missing` and `strange` are keys; `twice` counts contacts that were stored more than once at Oblic. */
export type Holdings = Readonly<
  Record<'oblic' | 'octopush' | 'vobiz', { readonly held: number; readonly missing: number; readonly strange: number }>
> & { readonly twice: number }

const simulators = await startSimulators({ recordRequests: false })
process.send?.(gatewayDocument(simulators) satisfies Started)

process.on('message', ({ rows }: { rows: number }) => {
  const { oblic, octopush, vobiz } = simulators
  const ofOblic = oblic.contacts()
  const numbers = (contacts: readonly { readonly phone_number: string }[]) =>
    contacts.map(({ phone_number }) => phone_number)
  const holdings: Holdings = {
    oblic: compare(
      ofOblic.map(({ email }) => email),
      expectedAt('oblic', rows),
    ),
    octopush: compare(numbers(octopush.contacts()), expectedAt('octopush', rows)),
    vobiz: compare(numbers(vobiz.contacts()), expectedAt('vobiz', rows)),
    twice: ofOblic.filter(({ sends }) => sends > 1).length,
  }
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
  process.send?.(holdings)
})

function compare(keys: readonly string[], expected: Iterable<string>) {
  const unexpected = new Set(keys)
  let missing = 0
  for (const key of expected) if (!unexpected.delete(key)) missing++
  // Single adds of the benchmark are no people of the file.
  const strange = [...unexpected].filter((key) => !/^(single-|\+91983)/.test(key)).length
  return { held: keys.length, missing, strange }
}
