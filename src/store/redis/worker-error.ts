import { toStoreError } from './failures.ts'

/** BullMQ's own texts name jobs and nothing else (its codes are numbers); what ioredis says has commands in it. */
export function toWorkerError(error: Error): Error {
  const { name, code } = error as NodeJS.ErrnoException
  const fromRedis = name === 'ReplyError' || typeof code === 'string' || 'command' in error
  return fromRedis ? toStoreError(error) : new Error(error.message)
}
