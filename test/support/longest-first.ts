import { statSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * How long a file of these folders takes about, or one by its name, where no run on this machine has told; of `test` itself:
 * it starts processes.
 */
const usualMs: Readonly<Record<string, number>> = {
  'browser/operations': 175_000,
  'browser/screens': 125_000,
  'browser/console-journeys': 95_000,
  fuzz: 30_000,
  integration: 30_000,
  verify: 20_000,
  cli: 20_000,
  test: 15_000,
  http: 10_000,
  'made-up': 10_000,
  audit: 8_000,
  operate: 8_000,
  store: 8_000,
}

/**
 * Starts the test files that take longest first, so that a run does not end with one file that all wait for. How long they
 * take is known from the last run, if there was one.
 *
 * The files of a project stand together: a worker goes on with those of its own alone, and a fresh one loads the whole
 * gateway anew. First are the files that have a worker each, last the project that takes least.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const expectedMs = new Map(files.map((file) => [file, this.#expectedMs(file)]))
    const msOf = (some: readonly TestSpecification[]) =>
      some.reduce((sum, file) => sum + (expectedMs.get(file) ?? 0), 0)
    const projects = [...Map.groupBy(files, ({ project }) => project)]
    return projects
      .toSorted(
        ([one, its], [other, others]) =>
          Number(other.config.isolate) - Number(one.config.isolate) || msOf(others) - msOf(its),
      )
      .flatMap(([, own]) => own.toSorted((one, other) => msOf([other]) - msOf([one])))
  }

  #expectedMs(file: TestSpecification): number {
    const measured = this.ctx.cache.getTestSpecificationResult(file)?.duration
    if (measured !== undefined && measured > 0) return measured
    const [, name = '', folder = 'test'] = /\/test\/((?:([^/]+)\/)?.+)\.test\.ts$/.exec(file.moduleId) ?? []
    // A long file has many tests: one more millisecond for each of its bytes.
    return (usualMs[name] ?? usualMs[folder] ?? 0) + statSync(file.moduleId).size
  }
}
