/** The metrics of one process, in the Prometheus text format, by its number. */
export type ProcessMetrics = readonly [process: number, text: string]

type Family = { readonly head: Set<string>; readonly samples: string[] }

/** The name of a sample, then its labels, where it has any. */
const sample = /^([A-Za-z_:][\w:]*)(?:\{(.*))?/
const header = /^# (?:HELP|TYPE) ([A-Za-z_:][\w:]*) /

/**
 * The metrics of several processes as one text: each sample with the label `process`, and those of a family together, as
 * the format wants it.
 */
export function mergeMetrics(texts: readonly ProcessMetrics[]): string {
  const families = new Map<string, Family>()
  for (const [process, text] of texts) {
    let family: Family | undefined
    for (const line of text.split('\n')) {
      const named = header.exec(line)?.[1]
      if (named !== undefined) {
        family = families.get(named) ?? { head: new Set(), samples: [] }
        families.set(named, family)
        family.head.add(line)
      } else if (line !== '' && !line.startsWith('#')) family?.samples.push(labelled(line, process))
    }
  }
  return [...families.values()].map(({ head, samples }) => `${[...head, ...samples].join('\n')}\n`).join('\n')
}

function labelled(line: string, process: number): string {
  return line.replace(sample, (_, name: string, labels: string | undefined) => {
    if (labels === undefined) return `${name}{process="${process}"}`
    return `${name}{process="${process}"${labels.startsWith('}') ? '' : ','}${labels}`
  })
}
