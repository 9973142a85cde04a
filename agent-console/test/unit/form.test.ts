import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../src/api/http'
import type { Answers, FaultBook, FaultCard, Question, Section } from '../../src/api/types'
import CallbackWork from '../../src/components/CallbackWork.vue'
import QuestionList from '../../src/components/QuestionList.vue'
import { BINS, settled, sumOf } from '../../src/form/bins'
import { DISPOSITIONS, problemOf } from '../../src/form/dispositions'
import { cardFor, dangerIn } from '../../src/form/faults'
import { forget, forgetOld, keep, recall } from '../../src/form/kept'
import { asked, choicesOf, missing, switched } from '../../src/form/questionnaire'
import { AnswerSaver, type SaveState } from '../../src/form/saver'
import { en } from '../../src/i18n/en'
import { zh } from '../../src/i18n/zh'
import CASES from './branching.json'
import { mount } from './mount'

interface Case {
  definition: { sections: Section[] }
  devices: number[]
  models?: Record<string, string>
  answers: Answers
  asked: string[]
  missing: string[]
}

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

const SECTIONS: Section[] = [{ code: '', questions: QUESTIONS }]
const open = (answers: Answers) => asked(SECTIONS, [], answers)
const codes = (questions: { key: string }[]) => questions.map((one) => one.key)

describe('questionnaire', () => {
  it('asks what the engine asks, case by case', () => {
    expect(CASES.length).toBeGreaterThan(50)
    for (const one of CASES as unknown as Case[]) {
      const devices = one.devices.map((id) => ({ id, model: one.models?.[id] ?? '', serial: '' }))
      const questions = asked(one.definition.sections, devices, one.answers)
      expect(codes(questions)).toEqual(one.asked)
      expect(codes(missing(questions, one.answers))).toEqual(one.missing)
    }
  })

  it('opens nothing on an answer whose own question has fallen away', () => {
    expect(codes(open({ fault: 'no', fault_solved: 'yes' }))).not.toContain('who')
  })

  it('misses what is required and asked, and takes blanks for no answer', () => {
    const lacking = (answers: Answers) => codes(missing(open(answers), answers))
    expect(lacking({})).toEqual(['fault'])
    expect(lacking({ fault: 'yes', fault_solved: 'yes', who: ' ' })).toEqual(['who'])
    expect(lacking({ fault: 'no' })).toEqual([])
  })

  it('offers values of its type, and joins those of a multi in their order', () => {
    expect(choicesOf(QUESTIONS[0]!).map((c) => c.value)).toEqual(['yes', 'no'])
    expect(choicesOf(QUESTIONS[3]!).map((c) => c.value)).toEqual(['1', '2', '3', '4', '5'])
    expect(choicesOf(QUESTIONS[2]!)).toEqual([])
    const multi = question('parts', { type: 'multi', options: ['pump', 'fan', 'valve'] })
    expect(switched(multi, '', 'valve')).toBe('valve')
    expect(switched(multi, 'valve', 'pump')).toBe('pump,valve')
    expect(switched(multi, 'pump,valve', 'valve')).toBe('pump')
  })

  it('shows device by device what is asked, with what was said last time', () => {
    const sections: Section[] = [
      {
        code: 'd',
        titleEn: 'Devices',
        titleZh: '设备',
        perDevice: true,
        questions: [question('fault_code', { type: 'text' }), question('solved_on_phone')]
      }
    ]
    const devices = [
      { id: 7, model: 'Boiler <b>X</b>', serial: 'S1' },
      { id: 9, model: 'Fan', serial: '' }
    ]
    const answers = { 'fault_code@7': 'e1' }
    const given: [string, string][] = []
    const page = mount(QuestionList, {
      questions: asked(sections, devices, answers),
      answers,
      before: {
        round: { number: 1, periodFrom: '', periodTo: '' },
        answers: { 'solved_on_phone@9': 'no' },
        reworded: ['solved_on_phone']
      },
      faults: BOOK,
      onAnswer: (key: string, value: string) => given.push([key, value])
    })
    expect(page.querySelectorAll('h3')).toHaveLength(2)
    expect(page.querySelector('h3 b')).toBeNull()
    const beside = page.querySelectorAll('[data-test=before]')
    expect(beside).toHaveLength(1)
    expect(beside[0]!.closest('[data-question]')!.getAttribute('data-question')).toBe('solved_on_phone@9')
    expect(page.querySelectorAll('[data-card]')).toHaveLength(1)
    page.querySelector<HTMLElement>('[data-test=solved-on-phone]')!.click()
    expect(given).toEqual([['solved_on_phone@7', 'yes']])
  }, 30_000)
})

const BOOK: FaultBook = {
  cards: [
    card({ id: 1, faultCode: 'E1' }),
    card({ id: 2, model: 'Boiler <b>X</b>' }),
    card({ id: 3, model: 'boiler<b>x</b>', faultCode: 'E1' }),
    card({ id: 4 })
  ],
  dangerWords: ['漏气', 'smoke']
}

function card(more: Partial<FaultCard>): FaultCard {
  return {
    id: 0, model: '', faultCode: '', titleEn: 't', titleZh: 't', askEn: 'a\nb', askZh: 'a', doEn: '', doZh: '',
    danger: false, version: 1, ...more
  }
}

describe('faults', () => {
  it('finds the closest card', () => {
    expect(cardFor(BOOK, 'Boiler <b>X</b>', 'e 1')?.id).toBe(3)
    expect(cardFor(BOOK, 'Boiler <b>X</b>', 'E2')?.id).toBe(2)
    expect(cardFor(BOOK, 'Fan', 'E1')?.id).toBe(1)
    expect(cardFor(BOOK, 'Fan', 'E2')?.id).toBe(4)
  })

  it('hears danger in a text, not in a piece of another word', () => {
    expect(dangerIn(BOOK, '好像漏气了')).toBe('漏气')
    expect(dangerIn(BOOK, 'Smoke!')).toBe('smoke')
    expect(dangerIn(BOOK, 'a smoker sat there')).toBeNull()
  })
})

describe('what outlasts the browser', () => {
  const kept = { answers: { fault: 'yes' }, disposition: 'partial', note: 'n', appointmentAt: null }

  it('is found again by its agent for its attempt, and dropped', () => {
    keep('li', 'a-1', kept)
    expect(recall('li', 'a-1')).toEqual(kept)
    expect(recall('wang', 'a-1').answers).toEqual({})
    forget('li', 'a-1')
    expect(recall('li', 'a-1').note).toBe('')
  })

  it('does not stay for ever, nor break on what others left', () => {
    keep('li', 'a-2', kept, Date.now() - 25 * 3_600_000)
    localStorage.setItem('careline.form.li/a-3', '{"answers":{"x":1}}')
    expect(recall('li', 'a-3').answers).toEqual({})
    forgetOld()
    expect(localStorage.getItem('careline.form.li/a-2')).toBeNull()
    localStorage.setItem('careline.form.li/a-4', 'no JSON')
    expect(recall('li', 'a-4').answers).toEqual({})
  })

  it('stands in the form when the browser is back, and is sent', async () => {
    const sent: unknown[] = []
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      sent.push([url, JSON.parse(String(init.body))])
      return Promise.resolve(new Response(null, { status: 204 }))
    })
    keep('', '01J', { answers: { who: 'Mr Zhang, half a sent' }, disposition: 'partial', note: 'call <b>back</b>', appointmentAt: null })
    const page = mount(CallbackWork, {
      work: {
        kind: 'attempt', attemptId: '01J', state: 'ended', mode: 'preview',
        site: { code: 's', name: 's', customer: 'c', tier: 'gold', province: '', city: '', address: '', remark: '' },
        contact: null, devices: [], before: null, faults: BOOK, disposition: null, others: [],
        questionnaire: { code: 'q', version: 1, sections: SECTIONS },
        answers: { fault: 'yes', fault_solved: 'yes' },
        round: { number: 1, periodFrom: '2026-01-01', periodTo: '2026-03-31' }
      }
    })
    expect(page.querySelector<HTMLTextAreaElement>('[data-question=who] textarea')!.value).toBe('Mr Zhang, half a sent')
    expect(page.querySelector<HTMLTextAreaElement>('form textarea')!.value).toBe('call <b>back</b>')
    await vi.waitFor(() =>
      expect(sent).toEqual([['/api/v1/attempts/01J/answers?site=s', { who: 'Mr Zhang, half a sent' }]])
    )
    await vi.waitFor(() => expect(recall('', '01J').answers).toEqual({}))
    expect(recall('', '01J').note).toBe('call <b>back</b>')
    vi.unstubAllGlobals()
  }, 30_000)

  it('asks one site of a call after the other, and leaves the rest for another time', async () => {
    const sent: unknown[] = []
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      sent.push([url, JSON.parse(String(init.body ?? 'null'))])
      return Promise.resolve(new Response(null, { status: 204 }))
    })
    const of = (code: string, disposition: string | null) => ({
      site: { code, name: `<b>${code}</b>` }, devices: [], answers: {}, before: null, faults: BOOK, disposition
    })
    const page = mount(CallbackWork, {
      work: {
        kind: 'attempt', attemptId: '01K', state: 'talking', mode: 'preview', contact: null,
        questionnaire: { code: 'q', version: 1, sections: SECTIONS },
        round: { number: 1, periodFrom: '2026-01-01', periodTo: '2026-03-31' },
        ...of('A', 'completed'), others: [of('B', null), of('C', null)]
      }
    })
    const sites = page.querySelector('[data-test=sites]')!
    expect(sites.querySelector('b')).toBeNull()
    expect(sites.querySelector('[data-site=B]')!.getAttribute('aria-pressed')).toBe('true')
    sites.querySelector<HTMLElement>('[data-site=C]')!.click()
    await vi.waitFor(() => expect(page.querySelector('h2 .outside')!.textContent).toContain('(C)'))
    page.querySelector<HTMLInputElement>('[data-question=fault] input[value=yes]')!.dispatchEvent(new Event('change'))
    await vi.waitFor(() => expect(sent).toContainEqual(['/api/v1/attempts/01K/answers?site=C', { fault: 'yes' }]))
    sites.querySelector<HTMLElement>('[data-test=others-later]')!.click()
    await vi.waitFor(() =>
      expect(sent).toContainEqual([
        '/api/v1/attempts/01K/disposition',
        { disposition: 'not_asked', note: '', appointmentAt: null }
      ])
    )
    vi.unstubAllGlobals()
  }, 30_000)

  it('asks what was heard when nobody answered, and sends the extension by one key', async () => {
    const sent: [string, Record<string, unknown>][] = []
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      sent.push([url, JSON.parse(String(init.body ?? 'null'))])
      return Promise.resolve(new Response(null, { status: 204 }))
    })
    const work = (state: string) => ({
      work: {
        kind: 'attempt', attemptId: '01H', state, mode: 'preview',
        contact: { name: 'Wang', role: '', number: '+862155550095', extension: '8023' },
        questionnaire: { code: 'q', version: 1, sections: SECTIONS },
        round: { number: 1, periodFrom: '2026-01-01', periodTo: '2026-03-31' },
        site: { code: 'A', name: 'A' }, devices: [], answers: {}, before: null, faults: BOOK, disposition: null,
        others: []
      }
    })
    const heard = mount(CallbackWork, work('heard'))
    expect(heard.querySelector('[data-question]')).toBeNull()
    expect(heard.querySelector('[data-disposition=completed]')).toBeNull()
    heard.querySelector<HTMLElement>('[data-disposition=switched_off]')!.click()
    await vi.waitFor(() =>
      expect(heard.querySelector('[data-disposition=switched_off]')!.getAttribute('aria-pressed')).toBe('true')
    )
    heard.querySelector<HTMLElement>('[data-test=submit-disposition]')!.click()
    await vi.waitFor(() =>
      expect(sent.some(([url, body]) => String(url).includes('/attempts/01H/disposition') && body.disposition === 'switched_off')).toBe(true)
    )
    const talking = mount(CallbackWork, work('talking'))
    talking.querySelector<HTMLElement>('[data-test=send-keys]')!.click()
    await vi.waitFor(() => expect(sent).toContainEqual(['/api/v1/attempts/01H/keys', { keys: '8023' }]))
    vi.unstubAllGlobals()
  }, 30_000)
})

describe('a form on the keyboard', () => {
  const BRANCHED = [question('fault'), question('how', { type: 'choice', options: ['a', 'b'], onlyWhen: { code: 'fault', equals: 'yes' } }), question('note', { type: 'text' })]
  const shown = () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 204 })))
    return mount(CallbackWork, {
      work: {
        kind: 'attempt', attemptId: '01K', state: 'talking', mode: 'preview', contact: null,
        questionnaire: { code: 'q', version: 1, sections: [{ code: '', questions: BRANCHED }] },
        round: { number: 1, periodFrom: '2026-01-01', periodTo: '2026-03-31' },
        site: { code: 'A', name: 'A' }, devices: [], answers: {}, before: null, faults: BOOK, disposition: null,
        others: []
      }
    })
  }
  const press = (at: Element, key: string) =>
    at.dispatchEvent(new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, altKey: key === 'm', bubbles: true }))
  const at = () => document.activeElement?.closest('[data-question]')?.getAttribute('data-question')

  it('answers by digits, leads on to what an answer opens, and shows how far it is', async () => {
    const page = shown()
    const progress = () => page.querySelector('[data-test=progress]')!.textContent
    expect(progress()).toContain('0')
    press(page.querySelector('[data-question=fault] input')!, '1')
    await vi.waitFor(() => expect(at()).toBe('how'))
    expect(page.querySelector<HTMLInputElement>('[data-question=fault] input')!.checked).toBe(true)
    press(document.activeElement!, '2')
    await vi.waitFor(() => expect(at()).toBe('note'))
    press(document.activeElement!, '1')
    expect(progress()).toMatch(/2 of 3|2 \/ 3/)
    vi.unstubAllGlobals()
  }, 30_000)

  it('jumps to the required question that is missing, from there to the next, and marks them', async () => {
    const page = shown()
    press(page.querySelector('[data-question=fault] input')!, '1')
    await vi.waitFor(() => expect(at()).toBe('how'))
    ;(document.activeElement as HTMLElement).blur()
    page.querySelector<HTMLElement>('[data-test=to-missing]')!.click()
    await vi.waitFor(() => expect(at()).toBe('how'))
    press(document.activeElement!, 'm')
    await vi.waitFor(() => expect(at()).toBe('note'))
    press(document.activeElement!, 'm')
    await vi.waitFor(() => expect(at()).toBe('how'))
    expect([...page.querySelectorAll('.lacks')].map((one) => one.getAttribute('data-question'))).toEqual(['how', 'note'])
    vi.unstubAllGlobals()
  }, 30_000)
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
    expect(new Set(DISPOSITIONS).size).toBe(27)
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

  it('sends the others when one of several is refused', async () => {
    const good: Answers[] = []
    const { it: s, states } = saver(async (answers) => {
      if ('wrong' in answers) throw new ApiError(400, 'answers_refused', '')
      good.push(answers)
    })
    s.save('fault', 'yes')
    s.save('wrong', 'x')
    s.save('satisfaction', '4')
    expect(await s.settled()).toBe(true)
    expect(good).toEqual([{ fault: 'yes' }, { satisfaction: '4' }])
    expect(states.at(-1)).toBe('refused')
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
