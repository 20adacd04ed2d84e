/** More digits than these may be somebody's number. */
const mostDigits = 6
const longestCode = 64
const codeForm = /^[A-Za-z0-9]+(?:[_.:/-][A-Za-z0-9]+)*$/
const partForm = /[A-Za-z]+|[0-9]+/g

/** What codes of errors are made of. None of them is anybody's name. */
const technicalWords = wordsOf(`
  error errors err errno fail failed fails failure fault exception invalid invalidated valid not no none non un found missing
  required require requires mandatory unknown unexpected unauthorized unauthorised unauthenticated authenticated
  authentication authenticate authorized authorization auth forbidden denied access permission permissions privileges
  credential credentials token tokens expired expire api login password account accounts inactive active disabled enabled
  suspended locked blocked banned restricted balance insufficient sufficient enough funds credit credits payment billing
  quota quotas limit limits limited exceeded exceeds reached exhausted rate too many few much request requests throttle
  throttled throttling timeout timed out unavailable available service services server internal external bad gateway
  conflict conflicts conflicting duplicate duplicates duplicated already exist exists existing exist resource resources
  contact contacts list lists group groups audience audiences member members subscriber subscribers recipient recipients
  customer customers user users person people email emails address addresses phone phones telephone number numbers msisdn
  whatsapp sms rcs country code codes name names tag tags attribute attributes value values type types format formats
  formatted parameter parameters param params property properties schema validation validate constraint violation violated
  unique uniqueness length size large small maximum minimum empty blank null undefined json xml csv body payload content
  media unsupported supported acceptable unacceptable method allowed disallowed endpoint route url uri implemented
  unimplemented maintenance deployment upgrade plan subscription legal reasons partial partially success successful ok done
  saved stored created create updated update deleted delete removed remove added add skipped ignored rejected reject refused
  blacklisted blacklist whitelisted whitelist blocklisted denylisted unsubscribed unsubscribe unreachable undeliverable
  opt opted bounced suppressed spam ip tls ssl http https client unprocessable entity precondition dependency database db
  sql query record records item items entry entries import imports export file upload column columns data object operation
  action state status session signature mismatch match version deprecated gone busy overload overloaded capacity concurrent
  concurrency retry later temporary temporarily permanent permanently processing process processed pending queue queued
  network connection dns proxy upstream origin parse parsing syntax malformed unreadable encoding character characters
  integer string boolean array negative positive zero outside between is are was be been has have can cannot could must
  should may this that these the a an in of to for from at by on or and with without more than less up id ids uuid
  reserved cancelled canceled closed open opened paused stopped draft archived readonly immutable
`)
/** The same beside others: alone they are somebody's name, too. */
const wordsBesideOthers = wordsOf(`
  long short page early field fields max min grant key keys host mail path mobile range first last lock batch row rows price
  such part field prefix suffix case channel day hour minute second month year time date
`)

/**
 * The code of a provider's error where it is told beyond the answer to whoever made the request: a short number, or made of
 * technical words. `undefined` for all else: what a provider puts in that place may be a person's name, in one word.
 */
export function tellableCode(code: string | undefined): string | undefined {
  if (code === undefined || code.length > longestCode || !codeForm.test(code)) return undefined
  const parts = apart(code).match(partForm) ?? []
  const digits = parts.filter((part) => /\d/.test(part)).join('').length
  if (digits > mostDigits) return undefined
  const words = parts.filter((part) => !/\d/.test(part)).map((part) => part.toLowerCase())
  const isTechnical = (word: string) =>
    technicalWords.has(word) ||
    (words.length > 1 && wordsBesideOthers.has(word)) ||
    (word.length === 1 && digits > 0 && words.length === 1)
  return words.every(isTechnical) ? code : undefined
}

/** `invalidEmail` and `JSONError`, their words apart. */
function apart(code: string): string {
  return code.replaceAll(/([a-z])([A-Z])/g, '$1_$2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
