import type { ErrorSaid } from './read-error.ts'

/** What calls and their batches are made of, as providers call it. */
const manyThings =
  '(?:contacts?|recipients?|subscribers?|members?|numbers?|phone_?numbers?|items?|records?|rows?|entries|elements?|destinataires?|contactos?|destinatarios?|contatos?|kontakte?n?|empfänger)'
const oneCall = '(?:request|call|batch|time|requête|appel|petición|solicitud|requisição|anfrage)'
const tooLargeCode =
  /^(?:TOO_MANY_(?:CONTACTS|RECIPIENTS|SUBSCRIBERS|MEMBERS|NUMBERS|PHONE_NUMBERS|ITEMS|RECORDS|ROWS|ENTRIES|ELEMENTS)|(?:[A-Z_]+_)?(?:PAYLOAD|REQUEST|BODY|CONTENT|ENTITY|FILE|BATCH|ARRAY)_?TOO_?(?:LARGE|BIG|LONG)|(?:MAX_?)?BATCH_?(?:SIZE_?)?(?:LIMIT_?)?EXCEEDED|MAX_?BATCH_?SIZE|MAX_?ITEMS(?:_?EXCEEDED)?|(?:CONTACTS|ITEMS|RECIPIENTS)_PER_(?:REQUEST|CALL|BATCH)(?:_EXCEEDED)?)$/i
const most =
  '(?:more than|at most|less than or equal to|fewer than|no more than|up to|only|maximum(?: of| de| is)?|maximal|máximo(?: de)?|höchstens|max\\.?|limit of|limited to|exceeds?|(?:must|may) not exceed)'
const tooLargeWords = new RegExp(
  [
    `\\btoo (?:many|much) (?:\\w+ )?${manyThings}\\b`,
    `\\btrop de ${manyThings}\\b|\\bdemasiad[oa]s ${manyThings}\\b|\\bmuit[oa]s ${manyThings}\\b|\\bzu viele ${manyThings}\\b`,
    '\\b(?:payload|request|body|entity|file|batch|content|array|fichier|requête)(?: entity| body| size| length)? (?:is |was |est )?(?:too (?:large|big|long)|trop (?:grande?|volumineux|volumineuse|gros|grosse)|exceeded)',
    `\\b${most} \\d+ ${manyThings}\\b`,
    `\\b(?:contacts|recipients|phone_?numbers|records|batch|array)\\b[^.]{0,40}\\b(?:${most}|between \\d+ and|est de|es|ist) \\d+`,
    '\\bbatch (?:size )?(?:limit|maximum)\\b|\\b(?:limit|maximum|max)(?:imum)? batch(?: size)?\\b|\\bbatch size exceed',
    `\\blimit exceeded: \\d+ ${manyThings}\\b`,
    `\\b\\d+ ${manyThings} (?:are )?(?:allowed )?(?:per|in (?:a|one)|at a|par|por|pro) (?:single |one )?${oneCall}\\b`,
    `\\b(?:number|count) of ${manyThings}\\b[^.]{0,60}\\b(?:per|in (?:a|one)) (?:single )?${oneCall}\\b`,
    `\\bsplit (?:your|the) ${oneCall}\\b`,
  ].join('|'),
  'i',
)
/** With these a limit is one of the account, and no smaller call helps; or of one contact. */
const notOfTheCall =
  /\b(?:balance|quota|plan|subscription|upgrade|credits?|per (?:second|minute|hour|day|month)|account|tags?|(?:custom_)?attributes?|characters?|digits?)\b/i

/** The call was refused for its size: fewer contacts may be taken. */
export function saysTooLarge({ code = '', message = '' }: ErrorSaid): boolean {
  return tooLargeCode.test(code) || (tooLargeWords.test(message) && !notOfTheCall.test(message))
}

const existsCode = /(?:^|_)EXISTS?$|^ALREADY_|_ALREADY_|(?:^|_)DUPLICATED?(?:_|$)|_TAKEN$|NOT_UNIQUE|UNIQUE_VIOLATION/i
const existsWords =
  /\b(?:already (?:exists?|been taken|taken|in use|used|registered|present|there|created)|duplicate|has been taken|is taken|exists already|with (?:this|that|the same) (?:name|number|phone|e-?mail)\b[^.]{0,30} exists|(?:must be|is not) unique|unique constraint|existe d[ée]j[àa]|d[ée]j[àa] (?:utilis|pris|exist|pr[ée]sent)|ya existe|j[áa] existe|existiert bereits|bereits vorhanden)/i

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

const fieldWord =
  'E_?MAIL(?:_ADDRESS)?|PHONE(?:_NUMBER)?|NUMBER|MSISDN|MOBILE|WHATS_?APP|NAME|(?:FIRST|LAST)_NAME|CONTACTS?'
const dataCode = new RegExp(
  `^(?:(?:INVALID|MALFORMED|MISSING|BAD)_(?:${fieldWord})|(?:${fieldWord})_(?:IS_)?(?:INVALID|MALFORMED|MISSING|REQUIRED))$`,
  'i',
)

/** The code names a field of the contact: it is about the data, whatever the status that comes with it. */
export function isDataCode(code: string): boolean {
  return dataCode.test(code)
}
