import { htmlPage } from '../../providers/adapter-cases.ts'
import { type Asked, type OddProvider, type Said, startOddProvider } from '../odd-provider.ts'
import { createRandom, type Random } from '../random.ts'
import { misreport } from './misreport.ts'
import { createOblicModel, type OblicModel } from './oblic-model.ts'
import { createOctopushModel, type OctopushModel } from './octopush-model.ts'
import type { ProviderModel } from './provider-model.ts'
import { isStranger } from './strangers.ts'
import { createVobizModel } from './vobiz-model.ts'

export const providers = ['oblic', 'octopush', 'vobiz'] as const
export type Provider = (typeof providers)[number]

/** Three accounts, one at each provider, which one case has to itself. */
export type Lane = {
  readonly number: number
  readonly models: {
    readonly oblic: OblicModel
    readonly octopush: OctopushModel
    readonly vobiz: ReturnType<typeof createVobizModel>
  }
  /** Begins a case: nobody is held any more, and this share of the answers is not as documented. */
  begin(seed: number, share: number): void
  /** What was asked and said since. */
  readonly said: readonly { readonly asked: string; readonly said: Said; readonly isOdd: boolean }[]
}

export const oblicList = '00000000-0000-4000-8000-000000000001'

/**
 * Providers that keep what they are told as their documents say, and answer otherwise. `lanes[n]` is behind
 * `<url>/<provider>/<n>`. What is said depends on the case and on what was asked, not on what else happens.
 */
export async function startMutatedProvider(count: number): Promise<OddProvider & { readonly lanes: readonly Lane[] }> {
  const lanes = Array.from({ length: count }, (_, number) => createLane(number))
  const provider = await startOddProvider((asked) => {
    const [, name = '', number = '', rest = ''] = /^\/(\w+)\/(\d+)(\/.*)$/.exec(asked.path) ?? []
    return (lanes[Number(number)] as AnsweringLane).answer(name as Provider, { ...asked, path: rest })
  })
  return { ...provider, lanes }
}

type AnsweringLane = Lane & { answer(provider: Provider, asked: Asked): Said }

function createLane(number: number): AnsweringLane {
  const models = { oblic: createOblicModel(oblicList), octopush: createOctopushModel(), vobiz: createVobizModel() }
  const times = new Map<string, number>()
  const said: { asked: string; said: Said; isOdd: boolean }[] = []
  let seed = 0
  let share = 0

  return {
    number,
    models,
    said,
    begin(ofCase, odd) {
      for (const model of Object.values(models)) model.clear()
      times.clear()
      said.length = 0
      seed = ofCase
      share = odd
    },
    answer(provider, asked) {
      const call = `${provider} ${asked.method} ${asked.path}?${asked.query}`
      const time = (times.get(call) ?? 0) + 1
      times.set(call, time)
      const random = createRandom(hashText(`${seed} ${time} ${call}`))
      const isOdd = random.chance(share)
      const one = isOdd ? sayOddly(models[provider], asked, random) : models[provider].answer(asked)
      said.push({ asked: `${call} ${asked.body}`, said: one, isOdd })
      return one
    },
  }
}

function sayOddly(model: ProviderModel, asked: Asked, random: Random): Said {
  // The page of some server before the provider: the provider itself is asked nothing.
  if (random.chance(0.08)) return { status: random.pick([200, 404, 500, 502, 503]), body: htmlPage }
  const answer = model.answer(asked)
  const isPart = 'keepsTheRest' in model && model.keepsTheRest === true
  return misreport(answer, { others: model.all().filter(isStranger), isPart }, random)
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
