import { isFine, type Watched } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { unnoted } from '../../reading/drift.ts'
import { writtenForm } from '../../reading/written-form.ts'
import { readStored } from '../wire.ts'
import { errorShapeOf } from './change-probes.ts'
import { idFormOf } from './contact-probes.ts'

const shows = ['createContact', 'getContact', 'updateContact'] as const

/** What ordinary answers show again of what was settled. */
export const watched: readonly Watched[] = [
  { probe: 'VOB-ID-FORM', operations: shows, read: idFormOf },
  {
    probe: 'VOB-NUMBER-FORM',
    operations: shows,
    read: (response) => {
      const shown = isFine(response) ? readStored(response.body, unnoted)?.phone_number : undefined
      return shown === undefined ? undefined : writtenForm(shown)
    },
  },
  {
    probe: 'VOB-LIST-SHAPE',
    operations: ['listContacts', 'findContacts'],
    read: ({ status, body }) => {
      if (status !== 200 || !isRecord(body)) return undefined
      if (Array.isArray(body.items)) return 'current'
      return Array.isArray(body.data) && isRecord(body.meta) ? 'old' : undefined
    },
  },
  {
    probe: 'VOB-DUPLICATE',
    operations: ['createContact'],
    // Only an answer that can be nothing else: a refusal may have other reasons, and a conflict has one.
    read: ({ status }) => (status === 409 ? 'refused-409' : undefined),
  },
  {
    probe: 'VOB-VALIDATION',
    operations: ['createContact', 'updateContact'],
    read: ({ status }) => (status === 422 ? '422' : undefined),
  },
  {
    probe: 'VOB-ERROR-SHAPE',
    operations: ['createContact', 'updateContact'],
    read: (response) => (response.status === 422 || response.status === 409 ? errorShapeOf(response) : undefined),
  },
  {
    probe: 'VOB-IMPORT-STATUS',
    operations: ['importContacts'],
    read: ({ status }) => ([200, 201, 202, 207].includes(status) ? String(status) : undefined),
  },
]
