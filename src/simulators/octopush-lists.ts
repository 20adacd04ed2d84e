import type { Answer } from './answer.ts'
import { answerInsteadOfDeleting } from './deletions.ts'
import type { OctopushAccount } from './octopush-account.ts'
import { errorAnswer, type OctopushQuirks, octopushErrors } from './octopush-errors.ts'
import { castBoolean, castName, maxListName } from './octopush-input.ts'
import type { Call } from './provider.ts'

type Input = Record<string, unknown>

/** The calls for whole lists (docs/providers.md, "Octopush: lists"). */
export function listRoutes(account: OctopushAccount) {
  /** `POST /contact-list/create`: 201, its body is not shown in the documents and empty here. */
  const create = ({ quirks }: Call<OctopushQuirks>, input: Input): Answer => {
    const name = castName(input.list_name, maxListName)
    if (name === undefined) return errorAnswer(400, octopushErrors.badRequest, quirks)
    if (account.hasList(name)) return existsAnswer(quirks)
    account.createList(name)
    return madeAnswer(name, quirks)
  }

  /** `DELETE /contact-list/delete` and `POST /contact-list/empty` (the status of the latter is assumed). */
  const change = (run: (name: string, input: Input, quirks: OctopushQuirks) => Answer) => {
    return ({ quirks }: Call<OctopushQuirks>, input: Input): Answer => {
      const name = castName(input.list_name, maxListName)
      if (name === undefined) return errorAnswer(400, octopushErrors.badRequest, quirks)
      return account.hasList(name) ? run(name, input, quirks) : errorAnswer(400, octopushErrors.listUnknown, quirks)
    }
  }
  const remove = change((name, _input, { deletion }) => {
    if (deletion === 'happens') account.deleteList(name)
    return answerInsteadOfDeleting(deletion) ?? { status: 204, applied: deletion === 'happens' }
  })
  const empty = change((name, input) => {
    account.emptyList(name, castBoolean(input.delete_contacts))
    return { status: 204 }
  })
  return { create, remove, empty }
}

/** What a name that is taken gets is not documented; 400 with the older API's code 302 is assumed. */
function existsAnswer(quirks: OctopushQuirks): Answer {
  switch (quirks.listExists) {
    case 'code-302':
      return errorAnswer(400, octopushErrors.listExists, quirks)
    case '409':
      return errorAnswer(409, octopushErrors.listExists, quirks)
    case '400-words-fr':
      return errorAnswer(400, { message: 'Une liste de ce nom existe déjà.' }, quirks)
    case 'made-200':
      return { status: 200 }
    case 'made-201':
      return { status: 201 }
    case 'made-204':
      return { status: 204 }
    default:
      return errorAnswer(Number(quirks.listExists.slice(0, 3)), alreadyTaken, quirks)
  }
}

const alreadyTaken = { message: 'The list name has already been taken.' }

function madeAnswer(name: string, { listMade }: OctopushQuirks): Answer {
  const status = Number(listMade.slice(0, 3))
  if (listMade.endsWith('list')) return { status, body: { id: 7, list_name: name, contacts: 0 } }
  return listMade.endsWith('text') ? { status, text: 'OK', wire: { contentType: 'text/plain' } } : { status }
}
