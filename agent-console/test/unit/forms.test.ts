import { describe, expect, it, vi } from 'vitest'
import type { FormDocument } from '../../src/api/forms'
import type { Condition } from '../../src/api/types'
import QuestionnairesPage from '../../src/pages/QuestionnairesPage.vue'
import SiteAnswers from '../../src/components/SiteAnswers.vue'
import FormTrial from '../../src/components/FormTrial.vue'
import {
  cleaned,
  conditionOf,
  earlier,
  moved,
  newQuestion,
  retyped,
  sectionsOf,
  simple
} from '../../src/form/editor'
import { i18n } from '../../src/i18n'
import { useSession } from '../../src/stores/session'
import { mount } from './mount'

const q = (code: string, more = {}) => ({
  code, type: 'yes_no' as const, textEn: code, textZh: code, required: true, ...more
})
const DOCUMENT: FormDocument = {
  sections: [
    { code: 'general', titleEn: 'G', titleZh: '总', questions: [q('fault'), q('angry')] },
    { code: 'each', titleEn: 'D', titleZh: '设', perDevice: true, questions: [q('solved'), q('how')] },
    { code: 'end', titleEn: 'E', titleZh: '末', questions: [q('again')] }
  ]
}

describe('a definition that is edited', () => {
  it('is always in sections, whatever it was', () => {
    expect(sectionsOf({ questions: [q('a')] }).sections[0]!.questions).toHaveLength(1)
    expect(sectionsOf(DOCUMENT)).toEqual(DOCUMENT)
    expect(sectionsOf(null).sections[0]!.questions).toEqual([])
  })

  it('leans on earlier questions of the site and of the same device', () => {
    const codes = (s: number, i: number) => earlier(DOCUMENT, s, i).map((each) => each.code)
    expect(codes(0, 0)).toEqual([])
    expect(codes(1, 1)).toEqual(['fault', 'angry', 'solved'])
    expect(codes(2, 0)).toEqual(['fault', 'angry'])
  })

  it('gives conditions back as they were, and shows what is too deep as it is', () => {
    const conditions: Condition[] = [
      { code: 'fault', equals: 'yes' },
      { code: 'score', oneOf: ['1', '2'] },
      { any: [{ code: 'score', atMost: '2' }, { code: 'parts', includes: 'pump' }] },
      { all: [{ code: 'a', equals: 'yes' }, { code: 'b', equals: 'no' }] }
    ]
    for (const condition of conditions) expect(conditionOf(simple(condition)!)).toEqual(condition)
    expect(conditionOf(simple(undefined)!)).toBeUndefined()
    expect(simple({ any: [{ all: [{ code: 'a', equals: 'yes' }] }] })).toBeNull()
  })

  it('says nothing of what is empty, and loses what the new type does not have', () => {
    const number = retyped(q('a'), 'number')
    const sent = cleaned({ sections: [{ code: 's', titleEn: '', titleZh: '', questions: [{ ...number, min: '', unitEn: '', hintEn: '' }] }] })
    expect(sent.sections[0]!.questions[0]).toEqual({
      code: 'a', type: 'number', textEn: 'a', textZh: 'a', required: true, decimals: 0
    })
    expect(retyped({ ...number, min: '1' }, 'date')).not.toHaveProperty('min')
    expect(retyped(q('a'), 'multi').options).toHaveLength(2)
    expect(newQuestion(DOCUMENT).code).toBe('q1')
    expect(moved([1, 2, 3], 2, -1)).toEqual([1, 3, 2])
  })
})

interface Call {
  method: string
  path: string
  body: Record<string, unknown> | null
}

function engine(answers: (call: Call) => [number, unknown]): Call[] {
  const calls: Call[] = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const call = {
      method: String(init.method),
      path: url.replace('/api/v1', ''),
      body: init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : null
    }
    calls.push(call)
    const [status, body] = answers(call)
    return Promise.resolve(new Response(body === null ? null : JSON.stringify(body), { status }))
  })
  return calls
}

const draft = (more = {}) => ({
  revision: 3, basedOn: 2, document: DOCUMENT, savedBy: 'li', savedAt: '2026-03-02T01:00:00Z',
  refusedBy: null, refusedAt: null, problems: [], reworded: [], ...more
})
const whole = (more = {}) => ({
  code: 'standard', version: 2, document: DOCUMENT, versions: [], campaigns: ['spring'], draft: draft(more)
})
const TRIAL = {
  problems: [], sections: DOCUMENT.sections, devices: [{ id: 1, model: '#1', serial: '' }],
  asked: ['fault', 'solved@1'], standing: {}, fallenAway: ['how@1'], missing: ['fault'], refused: []
}

async function page(more = {}, save: (call: Call) => [number, unknown] = () => [200, whole()]) {
  const calls = engine((call) => {
    if (call.method === 'GET' && call.path === '/questionnaires') return [200, [{ code: 'standard', version: 2, publishedBy: '', publishedAt: null, questions: 1, campaigns: [], draft: null }]]
    if (call.method === 'GET' && call.path.startsWith('/questionnaires/') && !call.path.includes('/draft/')) return [200, whole(more)]
    if (call.path === '/fault-cards') return [200, { cards: [], dangerWords: ['漏电'] }]
    if (call.path === '/questionnaires/trial') return [200, TRIAL]
    return save(call)
  })
  const shown = mount(QuestionnairesPage, {})
  useSession().me = { login: 'plan', name: 'Plan', roles: ['scheduler'] } as never
  await vi.waitFor(() => expect(shown.querySelector('[data-test=publish]')).not.toBeNull())
  return { shown, calls }
}

describe('the page of questionnaires', () => {
  it('does not publish a draft over a newer version: it shows the difference and carries it over', async () => {
    const change = { code: 'fault', section: false, theirs: 'changed', mine: 'changed', collides: true,
      before: { textEn: 'A', textZh: '一' }, newest: { textEn: '<b>B</b>', textZh: '二' }, draft: { textEn: 'C', textZh: '三' } }
    const { shown, calls } = await page({ basedOn: 1 }, (call) => {
      if (call.path.endsWith('/draft/difference')) return [200, { revision: 3, basedOn: 1, newest: 2, changes: [change] }]
      return [200, whole({ basedOn: 2 })]
    })
    await vi.waitFor(() => expect(shown.querySelector('[data-change=fault]')).not.toBeNull())
    expect(shown.querySelector('[data-change=fault]')!.classList).toContain('collides')
    expect(shown.querySelector<HTMLButtonElement>('[data-test=publish]')!.disabled).toBe(true)
    shown.querySelector<HTMLElement>('[data-test=rebase]')!.click()
    await vi.waitFor(() => expect(shown.querySelector('[data-test=difference]')).toBeNull())
    expect(calls.find((call) => call.path.endsWith('/rebase'))!.body).toEqual({ revision: 3, onto: 2 })
    expect(shown.querySelector<HTMLButtonElement>('[data-test=publish]')!.disabled).toBe(false)
    vi.unstubAllGlobals()
  }, 30_000)

  it('says beside a question what is wrong with it, and publishes nothing then', async () => {
    const { shown } = await page({
      problems: [{ at: 'sections[1].questions[0].onlyWhen', message: 'loops: <b>a > b > a</b>' }]
    })
    const bad = shown.querySelector('[data-at="sections[1].questions[0]"]')!
    expect(bad.classList).toContain('bad')
    expect(bad.querySelector('.wrong')!.textContent).toContain('loops: <b>a > b > a</b>')
    expect(bad.querySelector('.wrong b')).toBeNull()
    expect(shown.querySelector<HTMLButtonElement>('[data-test=publish]')!.disabled).toBe(true)
    vi.unstubAllGlobals()
  }, 30_000)

  it('tells the author who else was refused, and the other that he came second', async () => {
    const { shown, calls } = await page({ refusedBy: 'zhao' }, (call) =>
      call.method === 'PUT'
        ? [409, { error: 'saved_meanwhile', message: 'zhao has saved this draft meanwhile (revision 4)' }]
        : [200, whole()]
    )
    expect(shown.querySelector('[data-test=also]')!.textContent).toContain('zhao')
    shown.querySelector<HTMLElement>('[data-test=add-section]')!.click()
    await vi.waitFor(() =>
      expect(shown.querySelector<HTMLButtonElement>('[data-test=save-draft]')!.disabled).toBe(false)
    )
    shown.querySelector<HTMLElement>('[data-test=save-draft]')!.click()
    await vi.waitFor(() => expect(shown.querySelector('[data-test=refused]')).not.toBeNull())
    expect(shown.querySelector('[data-test=refused]')!.textContent).toContain('zhao has saved')
    const put = calls.find((call) => call.method === 'PUT')!
    expect(put.path).toBe('/questionnaires/standard/draft')
    expect(put.body!.revision).toBe(3)
    expect((put.body!.document as FormDocument).sections).toHaveLength(4)
    vi.unstubAllGlobals()
  }, 30_000)
})

it('shows what an answer was before, and corrects it with a reason', async () => {
  i18n.global.locale.value = 'en'
  const given = { version: 1, callId: 'a-1', second: 65.2, by: 'li', at: '2026-03-02T01:00:00Z' }
  const book = {
    questionnaire: { code: 'q', version: 1, sections: DOCUMENT.sections },
    devices: [],
    answers: [{ ...given, key: 'fault', value: 'yes', device: '', correctedBy: null, correctedAt: null, correctedWhy: null }],
    former: [{ ...given, key: 'fault', value: '<b>no</b>', replacedBy: 'boss', replacedAt: '2026-03-02T02:00:00Z', kind: 'corrected', why: 'misheard' }],
    missing: []
  }
  const calls = engine((call) =>
    call.path === '/campaigns' ? [200, [{ code: 'spring', name: 'Spring', round: { number: 2 } }]] : [200, book]
  )
  const shown = mount(SiteAnswers, {})
  await vi.waitFor(() => expect(calls).toHaveLength(1))
  const site = shown.querySelector<HTMLInputElement>('.site input')!
  site.value = 'S1'
  site.dispatchEvent(new Event('input'))
  const press = async (test: string) => {
    await vi.waitFor(() => expect(shown.querySelector<HTMLButtonElement>(`[data-test=${test}]`)?.disabled).toBe(false))
    shown.querySelector<HTMLElement>(`[data-test=${test}]`)!.click()
  }
  await vi.waitFor(() => expect(shown.querySelector<HTMLButtonElement>('[data-test=look]')!.disabled).toBe(false))
  shown.querySelector('form')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(shown.querySelector('[data-test=former]')).not.toBeNull())
  expect(calls[1]!.path).toBe('/campaigns/spring/rounds/2/answers?site=S1')
  expect(shown.querySelector('[data-test=former]')!.textContent).toContain('was <b>no</b>; boss corrected it')
  expect(shown.querySelector('[data-answer=fault]')!.textContent).toContain('li 1:05')
  await press('edit')
  await vi.waitFor(() => expect(shown.querySelector('[data-question=fault]')).not.toBeNull())
  shown.querySelectorAll<HTMLInputElement>('[data-question=fault] input')[1]!.click()
  const why = shown.querySelector<HTMLInputElement>('input[data-test=why], [data-test=why] input')!
  why.value = 'heard again'
  why.dispatchEvent(new Event('input'))
  await vi.waitFor(() => expect(shown.querySelector<HTMLButtonElement>('[data-test=correct]')!.disabled).toBe(false))
  shown.querySelector('form.edit')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(calls).toHaveLength(3))
  expect(calls[2]!.body).toEqual({ site: 'S1', key: 'fault', value: 'no', why: 'heard again' })
  vi.unstubAllGlobals()
}, 30_000)

it('tries a form as the engine asks it, and shows what falls away', async () => {
  i18n.global.locale.value = 'en'
  const calls = engine(() => [200, TRIAL])
  const shown = mount(FormTrial, { code: 'standard', document: DOCUMENT })
  await vi.waitFor(() => expect(shown.querySelectorAll('[data-question]')).toHaveLength(2))
  expect(shown.querySelector('[data-test=trial-state]')!.textContent).toContain('fault')
  expect(shown.querySelector('[data-test=fallen-away]')!.textContent).toContain('how@1')
  shown.querySelector<HTMLInputElement>('[data-question=fault] input')!.click()
  await vi.waitFor(() => expect(calls.at(-1)!.body!.answers).toEqual({ fault: 'yes' }))
  expect(calls.every((call) => call.path === '/questionnaires/trial')).toBe(true)
  vi.unstubAllGlobals()
}, 30_000)
