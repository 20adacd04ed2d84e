import { type Generator, startGenerator } from '../load/start-generator.ts'
import { type RunningRedis, startRedis } from '../systems/redis.ts'
import { startUpstream, type Upstream } from '../systems/start-upstream.ts'

/** Load comes over so many connections where it comes as fast as it is answered. */
export const connections = 64

export type Surroundings = {
  readonly upstream: Upstream
  readonly redis: RunningRedis
  readonly generator: Generator
  /** Registers what is to be stopped when the workload has ended. */
  keep<Stoppable extends { stop(): Promise<void> }>(started: Stoppable): Stoppable
}

/** Runs a workload with an upstream, a Redis and a generator of its own, and stops all that it started, come what may. */
export async function withSurroundings<Result>(work: (surroundings: Surroundings) => Promise<Result>): Promise<Result> {
  const running: { stop(): Promise<void> }[] = []
  const keep: Surroundings['keep'] = (started) => {
    running.push(started)
    return started
  }
  try {
    const upstream = keep(await startUpstream())
    const redis = keep(await startRedis())
    const generator = keep(await startGenerator())
    return await work({ upstream, redis, generator, keep })
  } finally {
    for (const started of running.toReversed()) await started.stop()
  }
}
