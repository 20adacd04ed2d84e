import { createShelf, isUnwelcome, type ProviderModel } from './provider-model.ts'

type Sent = { readonly name: string; readonly email: string; readonly phone?: string }

export type OblicModel = ProviderModel & {
  /** Whether a batch that it refuses is stored but for those whom it refuses. Not documented, so it may be either. */
  keepsTheRest: boolean
}

/**
 * Oblic: `POST /external/contact-list/v1/{listId}/add` with a bare list of contacts, known by their e-mail. Its answer says
 * the same of all: `{"status":"success","data":null,"errors":null}`, or `status: "error"` with codes and no places.
 */
export function createOblicModel(listId: string): OblicModel {
  const shelf = createShelf(({ email = '' }) => email.toLowerCase())
  const refusal = (cd: string, message: string) => ({ status: 'error', data: null, errors: [{ cd, message }] })
  const model: OblicModel = {
    ...shelf,
    keepsTheRest: false,
    put(person, lists) {
      const email = person.email as string
      shelf.people.set(email.toLowerCase(), { ...person, id: email, tags: [], attributes: {}, lists })
    },
    answer({ method, path, body }) {
      if (method !== 'POST' || path !== `/external/contact-list/v1/${listId}/add`)
        return { status: 404, body: refusal('RESOURCE_NOT_FOUND', 'List not found') }
      const contacts = JSON.parse(body) as Sent[]
      const welcome = contacts.filter(({ name }) => !isUnwelcome(name))
      const isRefused = welcome.length < contacts.length
      if (!isRefused || model.keepsTheRest) for (const contact of welcome) add(contact)
      return isRefused
        ? { status: 400, body: refusal('INVALID_EMAIL', 'Invalid email address provided') }
        : { status: 200, body: { status: 'success', data: null, errors: null } }
    },
  }
  const add = ({ name, email, phone = '' }: Sent) => {
    const held = { id: email, name, email, phone: `+${phone}`, tags: [], attributes: {}, lists: [listId] }
    shelf.store(email.toLowerCase(), held)
  }
  return model
}
