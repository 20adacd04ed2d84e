import { readExposition, type Sample, seriesKey } from './read-exposition.ts'

/** The metrics of a gateway at one moment. */
export type Metrics = {
  readonly text: string
  /** Every series by its name with labels. */
  readonly series: ReadonlySet<string>
  /** Names of families and of the series of histograms. */
  readonly names: ReadonlySet<string>
  /** The value of the one series with this name and these labels among its own; 0 when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number
}

/** Reads `GET /metrics`, strictly. On the port of the callers it tells the same for a second (see METRICS_PORT). */
export async function readMetrics(url: string): Promise<Metrics> {
  const answer = await fetch(url)
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`)
  return metricsOf(await answer.text())
}

function metricsOf(text: string): Metrics {
  const families = readExposition(text)
  const samples = families.flatMap((family) => family.samples)
  return {
    text,
    series: new Set(samples.map(seriesKey)),
    names: new Set([...families.map(({ name }) => name), ...samples.map(({ name }) => name)]),
    value(name, labels = {}) {
      const found = samples.filter((sample) => sample.name === name && hasLabels(sample, labels))
      if (found.length > 1) throw new Error(`${name} ${JSON.stringify(labels)} are ${found.length} series`)
      return found[0]?.value ?? 0
    },
  }
}

function hasLabels(sample: Sample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
}
