import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../src/api/http'
import type { Answers, Question } from '../../src/api/types'
import { BINS, settled, sumOf } from '../../src/form/bins'
import { DISPOSITIONS, problemOf } from '../../src/form/dispositions'
import { asked, choicesOf, missing } from '../../src/form/questionnaire'
import { AnswerSaver, type SaveState } from '../../src/form/saver'
import { en } from '../../src/i18n/en'
import { zh } from '../../src/i18n/zh'

const question = (code: string, more: Partial<Question> = {}): Question => ({
  code,
  type: 'yes_no',
  textEn: code,
  textZh: code,
  required: true,
  ...more
})

const QUESTIONS = [
  question('fault'),
  question('fault_solved', { onlyWhen: { code: 'fault', equals: 'yes' } }),
  question('who', { type: 'text', onlyWhen: { code: 'fault_solved', equals: 'yes' } }),
  question('satisfaction', { type: 'scale_1_5', required: false })
]
const codes = (questions: Question[]) => questions.map((q) => q.code)

describe('questionnaire', () => {
  it('asks a conditional question only after its answer', () => {
    expect(codes(asked(QUESTIONS, {}))).toEqual(['fault', 'satisfaction'])
    expect(codes(asked(QUESTIONS, { fault: 'no' }))).toEqual(['fault', 'satisfaction'])
    expect(codes(asked(QUESTIONS, { fault: 'yes' }))).toContain('fault_solved')
  })

  it('opens nothing on an answer whose own question has fallen away', () => {
    expect(codes(asked(QUESTIONS, { fault: 'no', fault_solved: 'yes' }))).not.toContain('who')
  })

  it('misses what is required and asked, and takes blanks for no answer', () => {
    expect(codes(missing(QUESTIONS, {}))).toEqual(['fault'])
    expect(codes(missing(QUESTIONS, { fault: 'yes', fault_solved: 'yes', who: ' ' }))).toEqual([
      'who'
    ])
    expect(missing(QUESTIONS, { fault: 'no' })).toEqual([])
  })

  it('offers values of its type', () => {
    expect(choicesOf(QUESTIONS[0]!).map((c) => c.value)).toEqual(['yes', 'no'])
    expect(choicesOf(QUESTIONS[3]!).map((c) => c.value)).toEqual(['1', '2', '3', '4', '5'])
    expect(choicesOf(QUESTIONS[2]!)).toEqual([])
  })
})

describe('disposition', () => {
  const now = new Date('2026-01-05T02:00:00Z')
  const form = (disposition: string, appointmentAt: Date | null = null) => ({
    disposition,
    note: '',
    appointmentAt
  })

  it('is checked before it is sent', () => {
    expect(problemOf(form(''), 0, now)).toBe('chooseDisposition')
    expect(problemOf(form('completed'), 1, now)).toBe('answersMissing')
    expect(problemOf(form('completed'), 0, now)).toBeNull()
    expect(problemOf(form('partial'), 3, now)).toBeNull()
    expect(problemOf(form('appointment'), 0, now)).toBe('appointmentMissing')
    expect(problemOf(form('appointment', now), 0, now)).toBe('appointmentPast')
    expect(problemOf(form('appointment', new Date(+now + 1)), 0, now)).toBeNull()
  })

  it('has its term in both languages, as has each bin', () => {
    expect(new Set(DISPOSITIONS).size).toBe(26)
    for (const words of [zh, en]) {
      for (const code of DISPOSITIONS) expect(words.disposition).toHaveProperty(code)
      for (const bin of BINS) expect(words.bin).toHaveProperty(bin)
    }
  })
})

describe('bins', () => {
  it('counts as settled what no call changes any more', () => {
    const bins = { completed: 3, due: 2, in_progress: 1, appointment_pending: 1, moved: 1 }
    expect(settled(bins)).toBe(4)
    expect(sumOf(bins)).toBe(8)
  })
})

describe('saving answers', () => {
  function saver(send: (answers: Answers) => Promise<unknown>, stands?: (code: string) => boolean) {
    const states: SaveState[] = []
    return { states, it: new AnswerSaver(send, (state) => states.push(state), stands) }
  }

  it('never lets two saves overtake each other and sends the latest value', async () => {
    const sent: Answers[] = []
    let release: () => void = () => undefined
    const gate = new Promise<void>((go) => (release = go))
    const { it: s } = saver(async (answers) => {
      sent.push(answers)
      if (sent.length === 1) await gate
    })
    s.save('fault', 'yes')
    s.save('satisfaction', '3')
    s.save('satisfaction', '4')
    expect(sent).toEqual([{ fault: 'yes' }])
    release()
    expect(await s.settled()).toBe(true)
    expect(sent).toEqual([{ fault: 'yes' }, { satisfaction: '4' }])
  })

  it('keeps what could not be sent and sends it again', async () => {
    const send = vi
      .fn<(answers: Answers) => Promise<void>>()
      .mockRejectedValueOnce(new ApiError(503, 'database_down', ''))
      .mockResolvedValue(undefined)
    const { it: s, states } = saver(send)
    s.save('fault', 'yes')
    expect(await s.settled()).toBe(false)
    expect(states.at(-1)).toBe('failed')
    s.retry()
    expect(await s.settled()).toBe(true)
    expect(send.mock.calls[1]![0]).toEqual({ fault: 'yes' })
    expect(states.at(-1)).toBe('saved')
  })

  it('does not repeat what the engine refuses', async () => {
    const send = vi.fn().mockRejectedValue(new ApiError(400, 'wrong_value', ''))
    const { it: s, states } = saver(send)
    s.save('fault', 'perhaps')
    expect(await s.settled()).toBe(true)
    expect(states.at(-1)).toBe('refused')
    expect(send).toHaveBeenCalledOnce()
  })

  it('does not send an answer whose question has fallen away', async () => {
    const send = vi.fn().mockResolvedValue(undefined)
    const { it: s } = saver(send, (code) => code !== 'fault_solved')
    s.save('fault_solved', 'yes')
    await s.settled()
    expect(send).not.toHaveBeenCalled()
  })
})
