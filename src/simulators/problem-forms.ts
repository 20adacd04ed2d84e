type Form = (message: string, status: number) => unknown

/** Forms in which frameworks and proxies word an error; none of them is documented by these providers (assumed). */
export const problemForms = {
  'error-message': (message) => ({ error: { message } }),
  'error-text': (message) => ({ error: message }),
  message: (message) => ({ message }),
  msg: (message) => ({ msg: message }),
  detail: (message) => ({ detail: message }),
  'detail-list': (message) => ({ detail: [{ loc: ['body', 'name'], msg: message, type: 'value_error' }] }),
  texts: (message) => [message],
  text: (message) => message,
  'errors-texts': (message) => ({ errors: [message] }),
  'errors-object': (message) => ({ message, errors: { name: [message] } }),
  'errors-detail': (message, status) => ({ errors: [{ status: String(status), title: message, detail: message }] }),
  'details-object': (message) => ({
    status: 'error',
    error: { code: 'VALIDATION_ERROR', message, details: { name: [message] } },
  }),
  'details-list': (message) => ({
    status: 'error',
    error: { code: 'VALIDATION_ERROR', message, details: [{ field: 'name', message }] },
  }),
  'number-codes': (message, status) => ({
    status: 'error',
    data: null,
    code: status,
    errors: [{ cd: status, code: status, message }],
  }),
  'problem-details': (message, status) => ({ type: 'about:blank', title: message, status, detail: message }),
  'legacy-code': (message) => ({ error_code: '125', error_message: message }),
  'status-error': (message) => ({ status: 'error', message }),
  empty: () => ({}),
  null: () => null,
} as const satisfies Record<string, Form>
