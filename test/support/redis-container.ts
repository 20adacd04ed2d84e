import { ownPort } from './own-port.ts'
import { type RedisStart, type RunningRedis, redisArguments, untilAnswering } from './redis-server.ts'

// Ryuk, the container that clears up after a killed run, is one image more to download; we stop what we start.
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'

/** Whether a Docker engine answers within 3 s and has the image, or gets it within 60 s. */
export async function engineHasImage(image: string): Promise<boolean> {
  // Imported late: it takes half a second, which a worker that needs no container should not pay.
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers')
  try {
    const client = await within(3_000, getContainerRuntimeClient())
    const name = ImageName.fromString(image)
    if (await within(3_000, client.image.exists(name))) return true
    await within(60_000, client.image.pull(name))
    return true
  } catch {
    return false
  }
}

/** A container with a fixed port on the host, so that the address stays the same when it is started again. */
export async function startContainer(image: string, options: RedisStart): Promise<RunningRedis> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers')
  const port = await ownPort()
  const started = await new GenericContainer(image)
    .withCommand(['redis-server', '--protected-mode', 'no', ...redisArguments(options)])
    .withExposedPorts({ container: 6379, host: port })
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start()
  const { container: engine } = await getContainerRuntimeClient()
  const container = engine.getById(started.getId())
  await untilAnswering(port)
  const kill = async () => {
    const { State } = await container.inspect()
    if (!State.Running) return
    await container.kill({ signal: 'SIGKILL' })
    await container.wait()
  }
  return {
    url: `redis://${started.getHost()}:${port}`,
    port,
    kill,
    restart: async () => {
      await kill()
      await container.start()
      await untilAnswering(port)
    },
    pause: async () => void (await container.pause()),
    resume: async () => void (await container.unpause()),
    stop: async () => void (await started.stop()),
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`not done in ${ms} ms`)), ms)
  return await Promise.race([promise, tooLate]).finally(() => clearTimeout(timer))
}
