import { charsets, encodings, headerCases } from './answer.ts'
import type { Draft, StepKinds } from './answer-step-kinds.ts'
import { headers, isTrue, oneOf, status, textOrNull } from './checks.ts'

const statusesWithoutBody = [204, 205, 304]

/** How the answer travels: its code, its headers, its bytes. All assumed. */
export const wireSteps = {
  status: {
    group: 'status',
    value: status,
    samples: [200, 201, 202, 203, 204, 207],
    does: 'Another status; with 204, 205 and 304 the body goes.',
    apply(draft: Draft, value: number) {
      draft.status = value
      if (statusesWithoutBody.includes(value)) dropBody(draft)
    },
  },
  noBody: {
    group: 'damage',
    value: isTrue,
    samples: [true],
    does: 'The status with nothing after it.',
    apply: dropBody,
  },
  headers: {
    group: 'wire',
    value: headers,
    samples: [{ Server: 'nginx', 'X-Powered-By': 'PHP/8.3' }, { 'Content-Language': 'fr' }],
    does: 'More headers, or (null) one less.',
    apply(draft: Draft, value: Record<string, string | null>) {
      for (const [key, content] of Object.entries(value))
        if (content === null) delete draft.headers[key.toLowerCase()]
        else draft.headers[key] = content
    },
  },
  headerCase: {
    group: 'wire',
    value: oneOf(...headerCases),
    samples: headerCases,
    does: 'The names of all headers in lower case, in upper case or With-Capitals.',
    apply(draft: Draft, value: (typeof headerCases)[number]) {
      draft.wire.headerCase = value
    },
  },
  contentType: {
    group: 'wire',
    value: textOrNull,
    samples: ['text/html; charset=utf-8', 'text/plain', 'application/vnd.api+json', 'application/octet-stream', null],
    does: 'Another Content-Type on the same body, or (null) none.',
    apply(draft: Draft, value: string | null) {
      draft.wire.contentType = value
    },
  },
  byteOrderMark: {
    group: 'wire',
    value: isTrue,
    samples: [true],
    does: 'A byte order mark before the body.',
    apply(draft: Draft) {
      draft.wire.byteOrderMark = true
    },
  },
  charset: {
    group: 'wire',
    value: oneOf(...charsets),
    samples: [],
    does: 'The body in another charset, without a word of it.',
    apply(draft: Draft, value: (typeof charsets)[number]) {
      draft.wire.charset = value
    },
  },
  compress: {
    group: 'wire',
    value: oneOf(...encodings),
    samples: encodings,
    does: 'Compressed, though nobody asked for it.',
    apply(draft: Draft, value: (typeof encodings)[number]) {
      draft.wire.encoding = value
    },
  },
  informational: {
    group: 'wire',
    value: oneOf(100, 102),
    samples: [100, 102],
    does: 'An answer `100 Continue` or `102 Processing` before the answer.',
    apply(draft: Draft, value: number) {
      draft.wire.informational = value
    },
  },
} as const satisfies StepKinds

function dropBody(draft: Draft): void {
  delete draft.body
  delete draft.text
}
