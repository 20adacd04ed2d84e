import type { Draft, StepKinds } from './answer-step-kinds.ts'
import { isTrue, json, name, oneOf, positive, text, texts } from './checks.ts'
import { errorPages } from './error-pages.ts'
import { plantedPerson } from './planted-person.ts'
import { problemForms } from './problem-forms.ts'

const pageNames = Object.keys(errorPages) as (keyof typeof errorPages)[]
const formNames = Object.keys(problemForms) as (keyof typeof problemForms)[]

/** The body as a whole. All assumed. */
export const bodySteps = {
  envelope: {
    group: 'shape',
    value: name,
    samples: ['data', 'result', 'response', 'payload', 'contact'],
    does: 'The body inside an object, under this name.',
    apply: changeJson((body, member: string) => ({ [member]: body })),
  },
  inList: {
    group: 'shape',
    value: isTrue,
    samples: [true],
    does: 'The body as the one item of a list.',
    apply: changeJson<true>((body) => [body]),
  },
  asJsonText: {
    group: 'shape',
    value: isTrue,
    samples: [true],
    does: 'The body as a JSON text that holds JSON.',
    apply: changeJson<true>((body) => JSON.stringify(body)),
  },
  body: {
    group: 'damage',
    value: json,
    samples: [null, {}, [], true, 'OK', 0],
    does: 'This JSON in place of the body.',
    apply(draft: Draft, value: unknown) {
      delete draft.text
      draft.body = value
    },
  },
  only: {
    group: 'damage',
    value: texts,
    samples: [['id'], ['phone_number'], ['status']],
    does: 'Only these members of the body, such as `{"id": …}` alone.',
    apply: changeJson((body, members: string[]) =>
      isRecord(body) ? Object.fromEntries(Object.entries(body).filter(([key]) => members.includes(key))) : body,
    ),
  },
  text: {
    group: 'damage',
    value: text,
    samples: ['', 'OK', 'success', '1', '<response><status>ok</status></response>', 'null', '{"status":'],
    does: 'This text in place of the body.',
    apply: (draft: Draft, value: string) => setText(draft, value),
  },
  page: {
    group: 'damage',
    value: oneOf(...pageNames),
    samples: pageNames,
    does: 'An HTML page in place of the body; the status stays (see `status`).',
    apply(draft: Draft, value: keyof typeof errorPages) {
      setText(draft, errorPages[value])
      draft.wire.contentType = 'text/html; charset=utf-8'
    },
  },
  before: {
    group: 'wire',
    value: text,
    samples: [
      '\n',
      ' ',
      '<br />\n<b>Warning</b>: Undefined array key "id" in <b>/srv/api.php</b> on line <b>12</b><br />\n',
    ],
    does: 'This text before the body, such as a warning of PHP.',
    apply: changeText((body, value: string) => value + body),
  },
  after: {
    group: 'wire',
    value: text,
    samples: ['\n', '<!-- cached -->', '{}'],
    does: 'This text after the body.',
    apply: changeText((body, value: string) => body + value),
  },
  cut: {
    group: 'damage',
    value: positive,
    samples: [1, 10, 40],
    does: 'Only so many characters of the body, in an answer that is otherwise whole.',
    apply: changeText((body, value: number) => body.slice(0, value)),
  },
  oversize: {
    group: 'shape',
    value: positive,
    samples: [],
    does: 'One more member of so many bytes.',
    apply: changeJson((body, bytes: number) =>
      isRecord(body) ? { ...body, padding: 'x'.repeat(bytes) } : { body, padding: 'x'.repeat(bytes) },
    ),
  },
  problem: {
    group: 'failure',
    value: oneOf(...formNames),
    samples: formNames,
    does: 'The words of the error in another form; the status stays (a form on a 2xx is an error that says 200).',
    apply(draft: Draft, form: keyof typeof problemForms) {
      if (draft.text === undefined) draft.body = problemForms[form](messageOf(draft.body), draft.status)
    },
  },
  failure: {
    group: 'failure',
    value: oneOf('success-false', 'ok-false', 'status-error', 'status-failed', 'error-object', 'errors-list', 'code'),
    samples: ['success-false', 'ok-false', 'status-error', 'status-failed', 'error-object', 'errors-list', 'code'],
    does: 'The body says that it failed; the rest of it and the status stay.',
    apply: changeJson((body, form: keyof typeof failures) => ({
      ...(isRecord(body) ? body : {}),
      ...structuredClone(failures[form]),
    })),
  },
  echo: {
    group: 'failure',
    value: oneOf('member', 'text', 'page', 'message'),
    samples: ['member', 'text', 'page'],
    does:
      'The data of another person (always the same one, planted for it) in the body: in a member that no document names, ' +
      'as raw text, in an HTML page, or in the words of the error themselves.',
    apply: echo,
  },
} as const satisfies StepKinds

const failures = {
  'success-false': { success: false, message: 'Nothing was saved' },
  'ok-false': { ok: false },
  'status-error': { status: 'error', message: 'Nothing was saved' },
  'status-failed': { status: 'failed' },
  'error-object': { error: { code: 'NOT_SAVED', message: 'Nothing was saved' } },
  'errors-list': { errors: [{ cd: 'NOT_SAVED', code: 'NOT_SAVED', message: 'Nothing was saved' }] },
  code: { code: 125, message: 'An undefined error has occurred.' },
}

const raw = JSON.stringify(plantedPerson)
function echo(draft: Draft, where: 'member' | 'text' | 'page' | 'message'): void {
  const { phone_number: number, email } = plantedPerson
  const duplicate = `Duplicate entry '${email}' for key 'contacts.email', number ${number}`
  if (where === 'text') setText(draft, `QueryException: ${duplicate}; row ${raw}`)
  else if (where === 'page') {
    setText(draft, `<!doctype html><html><body><h1>500</h1><pre>${duplicate}\n${raw}</pre></body></html>`)
    draft.wire.contentType = 'text/html; charset=utf-8'
  } else if (where === 'message') draft.body = problemForms['error-message'](duplicate)
  else
    draft.body = {
      ...(isRecord(draft.body) ? draft.body : {}),
      debug: { existing: structuredClone(plantedPerson) },
      trace: [raw],
    }
}

/** The words of an error, wherever the honest body has them. */
function messageOf(body: unknown): string {
  const found = isRecord(body) ? [body.message, body.error, ...(Array.isArray(body.errors) ? body.errors : [])] : []
  const words = found.map((part) => (isRecord(part) ? part.message : part)).find((part) => typeof part === 'string')
  return (words as string | undefined) ?? 'The request could not be processed'
}

/** A step on the JSON of the body; where there is none, it does nothing. */
function changeJson<V>(change: (body: unknown, value: V) => unknown) {
  return (draft: Draft, value: V): void => {
    if (draft.text === undefined && draft.body !== undefined) draft.body = change(draft.body, value)
  }
}

/** A step on the body as it is written. */
function changeText<V>(change: (body: string, value: V) => string) {
  return (draft: Draft, value: V): void => {
    if (draft.text === undefined && draft.body === undefined) return
    setText(draft, change(draft.text ?? JSON.stringify(draft.body), value))
  }
}

function setText(draft: Draft, value: string): void {
  draft.text = value
  delete draft.body
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
