import { createOblicSimulator, defaultOblicCredentials, type OblicCredentials, type OblicOptions } from './oblic.ts'
import {
  createOctopushSimulator,
  defaultOctopushCredentials,
  type OctopushCredentials,
  type OctopushOptions,
} from './octopush.ts'
import type { RequestLogOptions } from './request-log.ts'
import { createVobizSimulator, defaultVobizCredentials, type VobizCredentials, type VobizOptions } from './vobiz.ts'

export interface SimulatorCredentials {
  oblic: OblicCredentials
  octopush: OctopushCredentials
  vobiz: VobizCredentials
}

export const defaultCredentials: SimulatorCredentials = {
  oblic: defaultOblicCredentials,
  octopush: defaultOctopushCredentials,
  vobiz: defaultVobizCredentials,
}

export interface StartOptions extends RequestLogOptions {
  /** Default `127.0.0.1`. */
  host?: string
  /** Default 0: a free port each. */
  ports?: { oblic?: number; octopush?: number; vobiz?: number }
  credentials?: Partial<SimulatorCredentials>
  /** Lists that exist from the start: ids at Oblic (besides the sample), names at Octopush. */
  lists?: { oblic?: readonly string[]; octopush?: readonly string[] }
  quirks?: {
    oblic?: NonNullable<OblicOptions['quirks']>
    octopush?: NonNullable<OctopushOptions['quirks']>
    vobiz?: NonNullable<VobizOptions['quirks']>
  }
}

export interface RunningSimulators {
  oblic: ReturnType<typeof createOblicSimulator>
  octopush: ReturnType<typeof createOctopushSimulator>
  vobiz: ReturnType<typeof createVobizSimulator>
  credentials: SimulatorCredentials
  close(): Promise<void>
}

/** Starts the three providers' simulators; when one cannot listen, none is left running and the error is thrown. */
export async function startSimulators(options: StartOptions = {}): Promise<RunningSimulators> {
  const {
    host = '127.0.0.1',
    ports = {},
    lists = {},
    quirks = {},
    recordRequests = true,
    recordBodies = true,
  } = options
  const credentials = { ...defaultCredentials, ...options.credentials }
  const record = { recordRequests, recordBodies }
  const oblic = createOblicSimulator({
    ...record,
    credentials: credentials.oblic,
    lists: lists.oblic ?? [],
    quirks: quirks.oblic ?? {},
  })
  const octopush = createOctopushSimulator({
    ...record,
    credentials: credentials.octopush,
    lists: lists.octopush ?? [],
    quirks: quirks.octopush ?? {},
  })
  const vobiz = createVobizSimulator({ ...record, credentials: credentials.vobiz, quirks: quirks.vobiz ?? {} })

  const close = async () => {
    await Promise.all([oblic.close(), octopush.close(), vobiz.close()])
  }
  const listening = await Promise.allSettled([
    oblic.listen({ host, port: ports.oblic ?? 0 }),
    octopush.listen({ host, port: ports.octopush ?? 0 }),
    vobiz.listen({ host, port: ports.vobiz ?? 0 }),
  ])
  const failed = listening.find((result) => result.status === 'rejected')
  if (failed !== undefined) {
    await close()
    throw failed.reason
  }
  return { oblic, octopush, vobiz, credentials, close }
}
