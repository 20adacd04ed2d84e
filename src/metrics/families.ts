import type { Metric, Registry } from 'prom-client'

/** What a metric is called, says and is told apart by. */
export type FamilyOptions<Label extends string> = {
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
}

type Labels<Label extends string> = Readonly<Record<Label, string>>

/**
 * Series by their labels, made when they are first asked for and then kept by who counts: prom-client's own counters look
 * their labels up again at every call, which costs most of a microsecond; here counting is an addition.
 */
class Family<Label extends string, Series> {
  readonly name: string
  readonly help: string
  readonly aggregator = 'sum'
  readonly #labels: readonly Label[]
  readonly #create: () => Series
  readonly #series = new Map<string, { readonly labels: Labels<Label>; readonly series: Series }>()

  constructor({ name, help, labels }: FamilyOptions<Label>, create: () => Series) {
    this.name = name
    this.help = help
    this.#labels = labels
    this.#create = create
  }

  /** The series with these labels. Their values must come from a closed set: a series is never forgotten. */
  with(labels: Labels<Label>): Series {
    const key = this.#labels.map((label) => labels[label]).join('\n')
    const known = this.#series.get(key)
    if (known !== undefined) return known.series
    const made = { labels: { ...labels }, series: this.#create() }
    this.#series.set(key, made)
    return made.series
  }

  protected all() {
    return this.#series.values()
  }
}

/** A number that only grows. */
export class Count {
  value = 0

  add(amount = 1): void {
    this.value += amount
  }
}

export class CountFamily<Label extends string> extends Family<Label, Count> {
  readonly type = 'counter'

  constructor(registry: Registry, options: FamilyOptions<Label>) {
    super(options, () => new Count())
    register(registry, this)
  }

  /** For the registry. */
  async get() {
    const { name, help, type, aggregator } = this
    const values = [...this.all()].map(({ labels, series }) => ({ labels, value: series.value }))
    return { name, help, type, aggregator, values }
  }
}

/** How values are distributed: their number, their sum, and how many are at most each bound. */
export class Distribution {
  readonly bounds: readonly number[]
  /**
   * Counts by bound: each value counts at the first bound that it does not exceed, and at the end if it exceeds all.
   */
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let place = 0
    while (place < bounds.length && value > (bounds[place] as number)) place++
    counts[place] = (counts[place] as number) + 1
    this.sum += value
  }
}

export class DistributionFamily<Label extends string> extends Family<Label, Distribution> {
  readonly type = 'histogram'

  constructor(
    registry: Registry,
    { bounds, ...options }: FamilyOptions<Label> & { readonly bounds: readonly number[] },
  ) {
    super(options, () => new Distribution(bounds))
    register(registry, this)
  }

  /** For the registry. */
  async get() {
    const { name, help, type, aggregator } = this
    const values = [...this.all()].flatMap(({ labels, series }) => linesOf(name, labels, series))
    return { name, help, type, aggregator, values }
  }
}

function linesOf(name: string, labels: object, { bounds, counts, sum }: Distribution) {
  let total = 0
  const buckets = [...counts].map((count, place) => {
    total += count
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[place] ?? '+Inf' }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ]
}

/** Keeps what is made for two words, so that it is found again without putting labels together. */
export function byPair<First, Second, Kept>(make: (first: First, second: Second) => Kept) {
  const all = new Map<First, Map<Second, Kept>>()
  return (first: First, second: Second): Kept => {
    let ofFirst = all.get(first)
    if (ofFirst === undefined) {
      ofFirst = new Map()
      all.set(first, ofFirst)
    }
    let kept = ofFirst.get(second)
    if (kept === undefined) {
      kept = make(first, second)
      ofFirst.set(second, kept)
    }
    return kept
  }
}

/** The registry asks a metric for nothing but its name and `get`. */
function register(registry: Registry, metric: { readonly name: string; get(): Promise<unknown> }): void {
  registry.registerMetric(metric as unknown as Metric)
}
