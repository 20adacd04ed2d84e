import { isFine, type Said, type Step } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { get, post } from '../../requests.ts'
import {
  addedAs,
  addedIn,
  create,
  firstOf,
  keep,
  neverMade,
  oddNumber,
  remove,
  saysNoList,
  secondOf,
  wasThere,
} from './test-contact.ts'

const balance = '/wallet/check-balance?country_code=FR&product_name=sms_premium'

const readSteps: readonly Step[] = [
  { id: 'balance', does: 'Ask for the balance', request: () => get(balance) },
  {
    id: 'other-case',
    does: 'Ask for it with header names in the other case',
    as: 'other-case',
    request: () => get(balance),
  },
  { id: 'wrong-key', does: 'Ask for it with a wrong key', as: 'wrong', request: () => get(balance) },
]

const makeList = (id: string, does: string, nameOf: (said: Said) => string): Step => ({
  id,
  does,
  writes: true,
  request: (said) => post('/contact-list/create', { list_name: nameOf(said) }),
})

/** When the first person is added to the new list, in milliseconds after it was made. */
export const moments = [0, 1_000, 3_000, 10_000] as const

const isThere =
  'A test number is in the account, and was asked to be left as it is; take numbers that the account does not have.'
const cannotTell =
  'It cannot be told from the answer whether the test number was in the account before. Look whether it is there now.'

function objectionTo(said: Said, step: string, number: string, isLast: boolean): string | undefined {
  const response = said.answer(step)
  if (!isLast && saysNoList(response)) return undefined
  if (response !== undefined && !isFine(response)) return 'The test person could not be added.'
  const before = wasThere(said, step, number)
  return before === false ? undefined : before ? isThere : cannotTell
}

const firstSteps = moments.map(
  (ms, index): Step => ({
    id: `create-${ms}`,
    does: `Add the first test person to the list, ${ms / 1_000} s after it was made, unless it is there`,
    writes: true,
    wait: { after: 'list', ms },
    request: (said) => {
      const earlier = moments.slice(0, index).map((one) => said.answer(`create-${one}`))
      return earlier.every(saysNoList) ? create([firstOf(said)], { list_name: said.mark, ...keep }) : undefined
    },
    expects: (said) => ({ status: 201, body: { items: [{ phone_number: firstOf(said), status: 'added' }] } }),
    made: (response, said) => addedIn(response, [firstOf(said)]),
    objection: (said) => objectionTo(said, `create-${ms}`, firstOf(said), index === moments.length - 1),
  }),
)

const onFirst = (id: string, does: string, more: (said: Said) => Record<string, unknown>): Step => ({
  id,
  does,
  writes: true,
  request: (said) => create([firstOf(said)], more(said)),
  made: (response, said) => addedIn(response, [firstOf(said)]),
})

const writeSteps: readonly Step[] = [
  onFirst('again-kept', 'Add it again, with do_not_overwrite', () => keep),
  onFirst('again', 'Add it again, without', () => ({})),
  onFirst('missing', 'Add it to a list that was never made', (said) => ({ list_name: neverMade(said) })),
  makeList('missing-made', 'Make that list', neverMade),
  {
    id: 'email',
    does: 'Add it again, with an e-mail address',
    writes: true,
    request: (said) => {
      const [email] = said.emails
      return email === undefined
        ? undefined
        : post('/contact/create', { contacts: [{ phone_number: firstOf(said), email }] })
    },
  },
  onFirst('tags', 'Add it again, with two tags', ({ mark }) => ({ tag_names: [mark, 'cgw-verify-two'] })),
  onFirst('lists', 'Add it again, to two lists', (said) => ({ list_names: [said.mark, neverMade(said)] })),
  {
    id: 'pair',
    does: 'Add both test people in one call, unless they are there',
    writes: true,
    request: (said) => create([firstOf(said), secondOf(said)], { list_name: said.mark, ...keep }),
    made: (response, said) => addedIn(response, [secondOf(said)]),
    objection: (said) => (wasThere(said, 'pair', secondOf(said)) ? isThere : undefined),
  },
  {
    id: 'odd',
    does: 'Add the second one twice in one call, with a number for films that has no country code between',
    writes: true,
    request: (said) =>
      said.made.includes(secondOf(said)) ? create([secondOf(said), oddNumber, secondOf(said)]) : undefined,
    made: (response) => addedAs(response, oddNumber),
  },
  {
    id: 'odd-alone',
    does: 'Add that number alone',
    writes: true,
    request: () => create([oddNumber]),
    made: (response) => addedAs(response, oddNumber),
  },
]

export const flags = ['auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts'] as const

const flagSteps = flags.map(
  (flag): Step => ({
    id: `opted-out-${flag}`,
    does: `Add the number that is on the blacklist, with ${flag}`,
    writes: true,
    request: ({ optedOut }) => (optedOut === undefined ? undefined : create([optedOut], { [flag]: true, ...keep })),
    made: (response, { optedOut }) => (optedOut === undefined ? [] : addedIn(response, [optedOut])),
  }),
)

const deletion = (id: string, does: string, listOf: (said: Said) => string | undefined): Step => ({
  id,
  does,
  writes: true,
  request: (said) => remove([firstOf(said)], listOf(said)),
})
const wholly = () => undefined

const deleteSteps: readonly Step[] = [
  deletion('off-list', 'Take the first test person off the list', ({ mark }) => mark),
  onFirst('off-list-look', 'Add it, unless it is there: the answer tells', () => keep),
  deletion('unknown-list', 'Take it off a list that is not there', ({ mark }) => `${mark}-x`),
  deletion('delete', 'Delete it from the account', wholly),
  onFirst('delete-look', 'Add it, unless it is there: the answer tells', () => keep),
  deletion('delete-again', 'Delete it again', wholly),
  deletion('delete-unknown', 'Delete it once more, now that it is not there', wholly),
]

export const steps: readonly Step[] = [
  ...readSteps,
  makeList('list', 'Make a list', ({ mark }) => mark),
  ...firstSteps,
  makeList('list-again', 'Make it again', ({ mark }) => mark),
  ...writeSteps,
  ...flagSteps,
  ...deleteSteps,
]

/** The answer of the first moment at which the list was there. */
export function firstAnswer(said: Said): { readonly step: string; readonly ms: number } | undefined {
  const ms = moments.find((one) => {
    const response = said.answer(`create-${one}`)
    return isFine(response) && isRecord(response.body)
  })
  return ms === undefined ? undefined : { step: `create-${ms}`, ms }
}
