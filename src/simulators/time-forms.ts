export const timeForms = [
  'seconds',
  'milliseconds',
  'seconds-text',
  'no-zone',
  'blank',
  'offset',
  'micros',
  'rfc-2822',
  'date',
  'go-zero',
  'epoch-zero',
  'mysql-zero',
  'null',
  'empty',
] as const
export type TimeForm = (typeof timeForms)[number]

/** A time (RFC 3339 in UTC) in one of the forms in which services write it; the zero ones stand for "never". */
export function rewriteTime(value: string, form: TimeForm): unknown {
  const time = new Date(value)
  if (Number.isNaN(time.getTime())) return value
  const iso = time.toISOString()
  switch (form) {
    case 'seconds':
      return Math.floor(time.getTime() / 1000)
    case 'milliseconds':
      return time.getTime()
    case 'seconds-text':
      return String(Math.floor(time.getTime() / 1000))
    case 'no-zone':
      return iso.slice(0, -1)
    case 'blank':
      return iso.slice(0, 19).replace('T', ' ')
    case 'offset':
      return `${new Date(time.getTime() + 5.5 * 3_600_000).toISOString().slice(0, -1)}+05:30`
    case 'micros':
      return `${iso.slice(0, -1)}000Z`
    case 'rfc-2822':
      return time.toUTCString()
    case 'date':
      return iso.slice(0, 10)
    case 'go-zero':
      return '0001-01-01T00:00:00Z'
    case 'epoch-zero':
      return '1970-01-01T00:00:00Z'
    case 'mysql-zero':
      return '0000-00-00 00:00:00'
    case 'null':
      return null
    case 'empty':
      return ''
  }
}
