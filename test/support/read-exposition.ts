/** One series of a metric, as it stands on a line. */
export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export type Family = {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const labelPair = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"'
const commentLine = new RegExp(`^# (HELP|TYPE) (${metricName}) (.+)$`)
const sampleLine = new RegExp(`^(${metricName})(?:\\{(${labelPair}(?:,${labelPair})*)\\})? (\\S+)$`)
const number = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i
const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/**
 * Reads the Prometheus text format (0.0.4) and accepts nothing that a scraper could refuse or misread: a family is one
 * run of lines with its help and type first, no series comes twice, and the buckets of a histogram grow up to its count.
 */
export function readExposition(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, { name: string; type: string; help: string; samples: Sample[] }>()
  let current: { name: string; type: string; help: string; samples: Sample[] } | undefined
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] = commentLine.exec(line) ?? []
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`)
      current = { name, type: '', help: rest, samples: [] }
      families.set(name, current)
    } else if (kind === 'TYPE') {
      if (current?.name !== name || current.type !== '') throw new Error(`a type out of place: ${line}`)
      if (!['counter', 'gauge', 'histogram', 'summary'].includes(rest)) throw new Error(`no such type: ${line}`)
      current.type = rest
    } else {
      const sample = readSample(line)
      const endings = suffixes[current?.type ?? ''] ?? ['']
      if (current === undefined || !endings.some((ending) => sample.name === current?.name + ending))
        throw new Error(`a sample outside of its family: ${line}`)
      const key = seriesKey(sample)
      if (seen.has(key)) throw new Error(`a series comes twice: ${key}`)
      seen.add(key)
      current.samples.push(sample)
    }
  }
  for (const family of families.values()) checkFamily(family)
  return [...families.values()]
}

/** Names a series. */
export function seriesKey({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${pairs.sort().join(',')}}`
}

function readSample(line: string): Sample {
  const [, name, pairs = '', value = ''] = sampleLine.exec(line) ?? []
  if (name === undefined || !number.test(value)) throw new Error(`not a sample: ${line}`)
  const labels: Record<string, string> = {}
  for (const [, label = '', text = ''] of pairs.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)) {
    if (label in labels) throw new Error(`a label comes twice: ${line}`)
    labels[label] = text.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

function checkFamily({ name, type, samples }: Family): void {
  if (type === '') throw new Error(`${name} has no type`)
  if (type === 'counter' && name.startsWith('contact_gateway') && !name.endsWith('_total'))
    throw new Error(`the counter ${name} does not end in _total`)
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} is negative`)
  if (type !== 'histogram') return
  const bySeries = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) =>
    JSON.stringify(Object.entries(labels).sort()),
  )
  for (const series of bySeries.values()) {
    const buckets = series.filter((sample) => sample.name.endsWith('_bucket'))
    const bounds = buckets.map(({ labels }) => Number((labels.le ?? '').replace('+Inf', 'Infinity')))
    const counts = buckets.map(({ value }) => value)
    const count = series.find((sample) => sample.name.endsWith('_count'))?.value
    const grows = (values: readonly number[], from: (a: number, b: number) => boolean) =>
      values.every((value, at) => at === 0 || from(values[at - 1] as number, value))
    if (!grows(bounds, (a, b) => a < b) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`${name}: bounds`)
    if (!grows(counts, (a, b) => a <= b) || counts.at(-1) !== count) throw new Error(`${name}: counts`)
    if (!series.some((sample) => sample.name.endsWith('_sum'))) throw new Error(`${name} has no sum`)
  }
}
