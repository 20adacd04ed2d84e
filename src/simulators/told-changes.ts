import type { Answer } from './answer.ts'
import type { Rule } from './behaviour.ts'
import { type AnswerStep, changeAnswer } from './change-answer.ts'
import { changeAtRandom } from './random-changes.ts'

/** First the steps that were told, then random ones. */
export function changeAsTold(rule: Rule, honest: Answer, number: number): { answer: Answer; steps: AnswerStep[] } {
  if (rule.answer === undefined && rule.random === undefined) return { answer: honest, steps: [] }
  const told = [rule.answer ?? []].flat() as AnswerStep[]
  const answer = changeAnswer(honest, told)
  if (rule.random === undefined) return { answer, steps: told }
  const random = changeAtRandom(answer, rule.random, number)
  return { answer: random.answer, steps: [...told, ...random.steps] }
}
