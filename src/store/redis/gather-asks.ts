import type { Cluster, Redis } from 'ioredis'
import type { RedisConnection } from './connection.ts'
import { toStoreError } from './failures.ts'

/** The two ways to put a question to Redis. */
export type Asking<Question, Answer> = {
  /** Several with one command, whatever their keys; the answers, or what failed of each, are in their order. */
  together(client: Redis, questions: readonly Question[]): Promise<readonly (Answer | Error)[]>
  /** One, with commands that name keys of one slot each. */
  alone(client: Redis | Cluster, question: Question): Promise<Answer>
  /** What it is to Redis; absent: 1, as much as a short script for one key. */
  weigh?(question: Question): number
}

type Asked<Question, Answer> = {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** More weight would keep Redis from others for a millisecond. */
const mostAtOnce = 64

/**
 * Gathers the questions of one kind that are put in one turn of the event loop, and puts them at its end: under load one
 * command, its timer and its reply serve several requests. In a cluster, and behind a proxy of one, each goes alone.
 */
export function gatherAsks<Question, Answer>(
  { run, turn }: RedisConnection,
  { together, alone, weigh }: Asking<Question, Answer>,
): (question: Question) => Promise<Answer> {
  if (turn === undefined) return (question) => run((client) => alone(client, question))
  let waiting: Asked<Question, Answer>[] = []
  let weight = 0
  let isApart = false

  const askAll = async (client: Redis | Cluster, asked: readonly Asked<Question, Answer>[]) => {
    if (!isApart) {
      try {
        return await together(
          client as Redis,
          asked.map(({ question }) => question),
        )
      } catch (error) {
        if (!isAcrossSlots(error)) throw error
        isApart = true
      }
    }
    return Promise.all(asked.map(({ question }) => alone(client, question).catch((error: Error) => error)))
  }
  const send = () => {
    const asked = waiting
    if (asked.length === 0) return
    waiting = []
    weight = 0
    run((client) => askAll(client, asked)).then(
      (answers) => {
        for (const [index, { resolve, reject }] of asked.entries()) {
          const answer = answers[index] as Answer | Error
          if (answer instanceof Error) reject(toStoreError(answer))
          else resolve(answer)
        }
      },
      (error) => {
        for (const { reject } of asked) reject(error)
      },
    )
  }
  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) turn.before(send)
      waiting.push({ question, resolve, reject })
      weight += weigh === undefined ? 1 : weigh(question)
      if (weight >= mostAtOnce) send()
    })
}

function isAcrossSlots(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('CROSSSLOT')
}
