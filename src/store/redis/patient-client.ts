import { Cluster, type Redis } from 'ioredis'

/** As BullMQ needs it: commands wait until Redis is back, and may block for some seconds. */
export function openPatientClient(client: Redis | Cluster): Redis | Cluster {
  const options = { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: true, socketTimeout: 15_000 }
  const patient =
    client instanceof Cluster
      ? client.duplicate([], { enableOfflineQueue: true, redisOptions: options })
      : client.duplicate({ ...options, enableOfflineQueue: true })
  // The workers report it.
  patient.on('error', () => {})
  return patient
}
