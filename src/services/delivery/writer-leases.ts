import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type GroupLease, type Lease, traceMs, type WriterLeases } from '../../providers/account.ts'
import { type WriterStore, writerNameSize } from '../store-port.ts'
import { hashText } from './hash-text.ts'

/** All replicas have the same name for a person. */
const sameForAll = 0
/** Longer than a read and a write together may take; a replica that died keeps a person from others for this long. */
const leaseMs = 30_000

/** Turns of writers in the store that the replicas share. One call takes a turn, for however many people. */
export function createWriterLeases(store: WriterStore): WriterLeases {
  return {
    async take(account, person): Promise<Lease | 'taken'> {
      const turn = { account, owner: randomUUID(), names: namesOf([person]) }
      const giveBack = () => void endSurely(() => store.endOne(turn, traceMs))
      try {
        const taken = await store.takeOne(turn, leaseMs, traceMs)
        return taken === 'taken' ? taken : { endedMsAgo: taken.endedMsAgo, giveBack }
      } catch (error) {
        // It may have been taken all the same.
        giveBack()
        throw error
      }
    },

    ofGroup(account, people): GroupLease {
      const turn = { account, owner: randomUUID(), names: namesOf(people) }
      let renewal: NodeJS.Timeout | undefined
      const take = () => store.takeGroup(turn, leaseMs)
      return {
        async take() {
          renewal ??= setInterval(() => void take().catch(() => {}), leaseMs / 3).unref()
          const others = await take()
          if (others.length === 0) return []
          const taken = new Set(others)
          return people.filter((person) => taken.has(nameOf(person)))
        },
        giveBack() {
          clearInterval(renewal)
          void endSurely(() => store.endGroup(turn, traceMs))
        },
      }
    },
  }
}

/** A turn that is not given back keeps others from the person until its lease ends: a store that fails is asked again. */
const endAgainMs = [1_000, 4_000, 16_000]
/** With more of them the store has failed for long, and they are not worth their memory. */
const mostEndings = 1_000
let endings = 0

async function endSurely(end: () => Promise<void>): Promise<void> {
  try {
    return await end()
  } catch {
    if (endings >= mostEndings) return
  }
  endings++
  for (const waitMs of endAgainMs) {
    await sleep(waitMs, undefined, { ref: false })
    const isDone = await end().then(
      () => true,
      () => false,
    )
    if (isDone) break
  }
  endings--
}

function namesOf(people: readonly string[]): Buffer {
  const names = Buffer.allocUnsafe(people.length * writerNameSize)
  for (let index = 0; index < people.length; index++)
    names.writeUInt32BE(nameOf(people[index] as string), index * writerNameSize)
  return names
}

/**
 * The name of a person among writers: 32 bits, so that those of a thousand are four kilobytes. That two people have one name
 * is rare, and does no more than that one waits for the other.
 */
function nameOf(person: string): number {
  return hashText(person, sameForAll) >>> 0
}
