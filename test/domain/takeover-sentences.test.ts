import { describe, expect, test } from 'vitest'
import { explain } from '../../src/domain/explain-request.ts'
import type { AnsweredRequest } from '../../src/domain/explanation.ts'
import { readSendingNote, writeSendingNote } from '../../src/domain/sending-note.ts'

const at = Date.parse('2026-11-30T10:00:00.120Z')
const outcomes = ['oblic', 'vobiz'].map((account) => ({ account, status: 'unknown' }))

function told(left: readonly string[], more: Partial<AnsweredRequest> = {}): readonly string[] {
  const { head } = explain({
    id: 'request-2',
    client: 'crm',
    method: 'POST',
    route: '/lists/{listId}/contacts',
    status: 207,
    receivedAt: '2026-11-30T10:05:00.000Z',
    durationMs: 10,
    deadlineMs: 15_000,
    replica: 'one',
    idempotency: { result: 'taken_over', firstRequest: 'request-1' },
    startedAt: 1_000,
    calls: undefined,
    outcomes,
    left,
    ...more,
  })
  expect(head).not.toHaveProperty('left')
  return head.explanation.filter((sentence) => !sentence.includes('left in doubt at'))
}

const takenOver = 'It took over from request request-1, which ended without an answer.'
const becameOf =
  'is not known: it was asked about where that can be, sent again where that does no harm, and left in doubt otherwise.'

describe('What is told of a request that was taken over', () => {
  test('is what it had noted: that it was sent, or may have been, to whom, and from when to when', () => {
    const left = [
      writeSendingNote('oblic', [0, 1, 2], at),
      writeSendingNote('oblic', [3], at + 1_000),
      writeSendingNote('vobiz', [7], at),
    ]
    expect(told(left)).toEqual([
      takenOver,
      'Before that 4 contacts were sent to oblic, or may have been, from 2026-11-30T10:00:00.120Z to 2026-11-30T10:00:01.120Z: what came of it is not known, and it is not sent again.',
      'Before that 1 contact was sent to vobiz, or may have been, at 2026-11-30T10:00:00.120Z: what came of it is not known, and it is not sent again.',
    ])
  })

  test('is no time where an earlier version noted none', () => {
    expect(told(['oblic 0,1'])).toEqual([
      takenOver,
      'Before that 2 contacts were sent to oblic, or may have been: what came of it is not known, and it is not sent again.',
      `What else it may have sent ${becameOf}`,
    ])
  })

  test('is what became of what it need not note, where it may have sent anything', () => {
    expect(told([])).toEqual([takenOver, `What it may have sent ${becameOf}`])
    // An import was announced: nothing goes to a provider before it is there.
    const announced = told(['3b1c8d52-6a0e-4c55-9d0e-0d7f2f3f8a10'], { outcomes: [] })
    expect(announced).toEqual([takenOver])
  })
})

test('a note that contacts are about to be sent is read as it was written', () => {
  const note = { account: 'oblic-main', indexes: [0, 12, 499], at }
  expect(readSendingNote(writeSendingNote(note.account, note.indexes, note.at))).toEqual(note)
  expect(readSendingNote('3b1c8d52-6a0e-4c55-9d0e-0d7f2f3f8a10')).toBeUndefined()
})
