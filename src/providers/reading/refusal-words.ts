import type { ErrorSaid } from './read-error.ts'

/** What calls and their batches are made of, as providers call it. */
const manyThings =
  '(?:contacts?|recipients?|subscribers?|members?|numbers?|items?|records?|rows?|entries|elements?|destinataires?)'
const tooLargeCode =
  /^(?:TOO_MANY_(?:CONTACTS|RECIPIENTS|SUBSCRIBERS|MEMBERS|NUMBERS|PHONE_NUMBERS|ITEMS|RECORDS|ROWS|ENTRIES|ELEMENTS)|(?:[A-Z_]+_)?(?:PAYLOAD|REQUEST|BODY|CONTENT|ENTITY|FILE|BATCH)_?TOO_?(?:LARGE|BIG|LONG)|(?:MAX_?)?BATCH_?(?:SIZE_?)?(?:LIMIT_?)?EXCEEDED|MAX_?BATCH_?SIZE)$/i
const tooLargeWords = new RegExp(
  [
    `\\btoo many (?:\\w+ )?${manyThings}\\b`,
    `\\btrop de ${manyThings}\\b`,
    '\\b(?:payload|request|body|entity|file|batch|fichier|requête)(?: entity| body| size)? (?:is |was |est )?(?:too (?:large|big|long)|trop (?:grande?|volumineux|volumineuse|gros|grosse))',
    `\\b(?:more than|at most|maximum(?: of)?|max\\.?|up to|limit of|limited to|exceeds?) \\d+ ${manyThings}\\b`,
    '\\b(?:contacts|recipients|phone_?numbers|batch|array)\\b[^.]{0,40}\\b(?:more than|at most|maximum of|exceeds?) \\d+',
  ].join('|'),
  'i',
)
/** With these a limit is one of the account, and no smaller call helps. */
const ofTheAccount =
  /\b(?:balance|quota|plan|subscription|upgrade|credits?|per (?:second|minute|hour|day|month)|account)\b/i

/** The call was refused for its size: fewer contacts may be taken. */
export function saysTooLarge({ code = '', message = '' }: ErrorSaid): boolean {
  return tooLargeCode.test(code) || (tooLargeWords.test(message) && !ofTheAccount.test(message))
}

const existsCode = /(?:^|_)EXISTS?$|^ALREADY_|_ALREADY_|(?:^|_)DUPLICATED?(?:_|$)/i
const existsWords =
  /\b(?:already (?:exists?|been taken|taken|in use|used|registered|present|there|created)|duplicate|has been taken|is taken|exists already|existe d[ée]j[àa]|d[ée]j[àa] (?:utilis|pris|exist|pr[ée]sent)|ya existe|j[áa] existe|existiert bereits|bereits vorhanden)/i

/** What was to be made is there already. */
export function saysExists({ code = '', message = '' }: ErrorSaid): boolean {
  return existsCode.test(code) || existsWords.test(message)
}

const listMissingCode = /^(?:CONTACT_?)?LIST_?NOT_?FOUND$|^(?:UNKNOWN|NO_SUCH)_(?:CONTACT_?)?LIST$/i
const listMissingWords =
  /\blist(?:e|a)?\b[^.]{0,60}\b(?:not (?:be )?found|not exist|doesn.t exist|unknown|no longer|n.existe pas|introuvable|no existe)\b|\b(?:unknown|no such|nonexistent|non-existent) (?:contact )?list\b/i

/** The list that contacts were to go into is not there. */
export function saysListMissing({ code = '', message = '' }: ErrorSaid): boolean {
  return listMissingCode.test(code) || listMissingWords.test(message)
}

const fieldWord = 'E_?MAIL(?:_ADDRESS)?|PHONE(?:_NUMBER)?|MOBILE|WHATS_?APP|NAME|(?:FIRST|LAST)_NAME|CONTACTS?'
const dataCode = new RegExp(
  `^(?:(?:INVALID|MALFORMED|MISSING|BAD)_(?:${fieldWord})|(?:${fieldWord})_(?:IS_)?(?:INVALID|MALFORMED|MISSING|REQUIRED))$`,
  'i',
)

/** The code names a field of the contact: it is about the data, whatever the status that comes with it. */
export function isDataCode(code: string): boolean {
  return dataCode.test(code)
}
