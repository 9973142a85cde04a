import { describe, expect, it, vi } from 'vitest'
import type { FigureText, Unit } from '../../src/api/figures'
import CallLink from '../../src/components/CallLink.vue'
import FigureRows from '../../src/components/FigureRows.vue'
import FigureTable from '../../src/components/FigureTable.vue'
import FigureTile from '../../src/components/FigureTile.vue'
import { chartInterval, dayBegin, partsOf, shown, spanOf } from '../../src/form/figures'
import { i18n } from '../../src/i18n'
import { useLatest } from '../../src/stores/latest'
import { mount } from './mount'

const figure = (id: string, unit: Unit): FigureText => ({
  id,
  unit,
  textEn: 'Service level',
  textZh: '服务水平',
  formulaEn: 'answered within T / answered',
  formulaZh: 'T 秒内接听 / 接听'
})

describe('figures on the screen', () => {
  it('shows shares, times and counts, and nothing where nothing divides', () => {
    expect(shown({ value: 0.8190476, n: 860, of: 1050 }, 'share')).toBe('81.9 %')
    expect(shown({ value: 65.4, n: 654, of: 10 }, 'seconds')).toBe('1:05')
    expect(shown({ value: 12 }, 'count')).toBe('12')
    expect(shown({ value: null, n: 0, of: 0 }, 'share')).toBe('–')
    expect(shown(undefined, 'count')).toBe('–')
  })

  it('gives the denominator in the unit it has', () => {
    expect(partsOf({ value: 0.5, n: 1, of: 2 }, figure('rona', 'share'))).toEqual({ n: '1', of: '2' })
    expect(partsOf({ value: 0.5, n: 60, of: 120 }, figure('occupancy', 'share'))).toEqual({
      n: '1:00',
      of: '2:00'
    })
    expect(partsOf({ value: 3 }, figure('offered', 'count'))).toBeNull()
  })

  it('means whole days, and today until now', () => {
    const now = new Date(2026, 2, 2, 9, 30)
    expect(spanOf('today', now, '')).toEqual({
      from: new Date(2026, 2, 2).toISOString(),
      to: now.toISOString()
    })
    expect(spanOf('yesterday', now, '').to).toBe(new Date(2026, 2, 2).toISOString())
    expect(spanOf('month', now, 'no/zone').from).toBe(new Date(2026, 1, 1).toISOString())
    expect(chartInterval(spanOf('today', now, ''))).toBe('30m')
    expect(chartInterval(spanOf('week', now, ''))).toBe('day')
  })

  it("means the office's days, wherever the browser stands", () => {
    const now = new Date('2026-03-01T17:00:00Z')
    expect(spanOf('today', now, 'Asia/Shanghai').from).toBe('2026-03-01T16:00:00.000Z')
    expect(spanOf('today', now, 'America/New_York').from).toBe('2026-03-01T05:00:00.000Z')
    // A day of 23 hours.
    const spring = spanOf('yesterday', new Date('2026-03-30T10:00:00Z'), 'Europe/Berlin')
    expect(spring).toEqual({ from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' })
    expect(dayBegin(2026, 1, 29, 'Asia/Shanghai')).toBe('2026-02-28T16:00:00.000Z')
  })

  it('takes only the answer to what was asked last', async () => {
    const answers: ((value: number) => void)[] = []
    const taken: number[] = []
    const { busy, load } = useLatest(
      () => new Promise<number>((resolve) => answers.push(resolve)),
      (value) => taken.push(value)
    )
    const both = [load(), load()]
    answers[1]!(2)
    await both[1]
    answers[0]!(1)
    await both[0]
    expect(taken).toEqual([2])
    expect(busy.value).toBe(false)
  })

  it('opens the call behind a row, and nothing behind a row of something else', () => {
    const call = 'careline-1.2'
    const link = (row: string) => mount(CallLink, { row, call }).querySelector('a')
    expect(link(`leg:${call}:1`)?.textContent).toBe(call)
    expect(link('state:1:2')).toBeNull()
  })

  it('has its formula on each tile, in the language chosen', () => {
    i18n.global.locale.value = 'zh'
    const tile = mount(FigureTile, {
      figure: figure('service_level', 'share'),
      amount: { value: 0.5, n: 1, of: 2, contested: 3, excluded: 4 }
    })
    expect(tile.textContent).toContain('50.0 %')
    expect(tile.textContent).toContain('1 / 2')
    expect(tile.textContent).toContain('3 条有异议')
    expect(tile.textContent).toContain('已剔除 4 条')
    expect(tile.querySelector('.mark')?.getAttribute('aria-label')).toBe('公式：T 秒内接听 / 接听')
  })

  it('shows names from outside as text', () => {
    const evil = '<img src=x onerror=alert(1)>'
    const table = mount(FigureTable, {
      rows: [{ line: evil, values: { service_level: { value: 1, n: 1, of: 1 } } }],
      figures: [figure('service_level', 'share')],
      columns: ['service_level', 'not_there'],
      by: ['line']
    })
    expect(table.textContent).toContain(evil)
    expect(table.querySelector('img')).toBeNull()
    expect(table.querySelectorAll('th')).toHaveLength(2)
  })

  it('says that older rows are not shown', async () => {
    const row = { id: 'leg:c-1:1', kind: 'offer', callId: 'c-1', from: '2026-03-02T01:00:00Z', what: 'missed', n: 1 }
    for (const more of [true, false]) {
      document.body.replaceChildren()
      vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ rows: [row], more })))
      mount(FigureRows, {
        agent: '8001',
        figure: figure('rona', 'share'),
        span: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
        mayContest: false
      })
      await vi.waitFor(() => expect(document.querySelector('.grid')).not.toBeNull())
      expect(document.querySelector('[data-test=more]')?.textContent?.trim()).toBe(
        more ? '仅显示最新 1 条，请缩短时间范围。' : undefined
      )
    }
    vi.unstubAllGlobals()
  })
})
