import { atMost, type Reach } from './section.ts'
import { type Figure, ratioOf } from './statistics.ts'

type WithCpu = { readonly name: string; readonly cpuMicros: Figure }

/** What a workload of another checkout is called. */
export function nameBeside(name: string, checkout: string | undefined): string {
  return checkout === undefined ? name : `${name}, ${checkout}`
}

/**
 * The processor time of each workload in that of the same one of another checkout, round by round. What a change may cost
 * at most is 3 %, and 5 % for an import.
 */
export function costBeside(measured: readonly WithCpu[], checkout: string | undefined, most = 1.03): Reach[] {
  if (checkout === undefined) return []
  return measured.flatMap(({ name, cpuMicros }) => {
    const other = measured.find((one) => one.name === nameBeside(name, checkout))
    return other === undefined
      ? []
      : [atMost(`${name}: CPU time beside ${checkout}`, most, ' ×', ratioOf(cpuMicros, other.cpuMicros))]
  })
}
