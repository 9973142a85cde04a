import { afterEach, expect, it, vi } from 'vitest'
import SiteImport from '../../src/components/SiteImport.vue'
import RoundReportView from '../../src/components/RoundReportView.vue'
import TransitionsView from '../../src/components/TransitionsView.vue'
import { speak } from '../../src/i18n'
import { report, transitions } from '../mock/rounds.mjs'
import { mount } from './mount'

afterEach(() => vi.unstubAllGlobals())

it('opens the sites of a cell, those that are gone from the earlier list', () => {
  speak('en', false)
  const opened: unknown[] = []
  const page = mount(TransitionsView, {
    transitions,
    onOpen: (round: number, filter: unknown) => opened.push([round, filter])
  })
  page.querySelector<HTMLElement>('[data-cell="unresolved>none"]')!.click()
  page.querySelector<HTMLElement>('[data-cell="not_heard>not_listed"]')!.click()
  page.querySelector<HTMLElement>('[data-cell="not_listed>none"]')!.click()
  expect(opened).toEqual([
    [2, { state: 'none', other: 1, otherState: 'unresolved' }],
    [1, { state: 'not_heard', other: 2, otherState: 'not_listed' }],
    [2, { state: 'none', other: 1, otherState: 'not_listed' }]
  ])
  // the question for content was asked in other words: its figure shows a break, the others none
  expect(page.querySelector('[data-test=break]')!.textContent).toContain('satisfaction')
  const broken = [...page.querySelectorAll('tr')].filter((row) => row.textContent.includes('✂'))
  expect(broken.map((row) => row.querySelector('th')!.textContent)).toEqual(['Satisfied'])
  expect(page.textContent).toContain('Sum 113 = 108 on the earlier list + 109 on the later list')
})

it('shows counts where few have answered, and every figure with what it is of', () => {
  speak('en', false)
  const opened: unknown[] = []
  const page = mount(RoundReportView, {
    report,
    open: true,
    onOpen: (filter: unknown) => opened.push(filter)
  })
  const row = (id: string) => page.querySelector(`[data-figure=${id}]`)!.textContent
  expect(row('callbacks_kept')).toContain('7 of 8')
  expect(row('callbacks_kept')).not.toContain('%')
  expect(row('unresolved_of_faults')).toContain('40.7 %')
  expect(row('unresolved')).toContain('11.0 %')
  expect(row('attempts_per_completed')).toContain('1.58')
  expect(page.textContent).toContain('20 told in the round + 3 known from the hotline + 4 both = 27')
  page.querySelector<HTMLElement>('[data-test=not-reached]')!.click()
  expect(opened).toEqual([{ bin: 'not_reached' }])
})

it('takes whole numbers only with a reason that says something', async () => {
  speak('en', false)
  const page = mount(SiteImport, {})
  const file = () => page.querySelector('[data-test=export-csv]')!.getAttribute('href')
  expect(file()).not.toContain('whole')
  page.querySelector<HTMLInputElement>('[data-test=whole] input')!.click()
  await vi.waitFor(() => expect(page.querySelector('[data-test=whole-reason]')).not.toBeNull())
  const reason = page.querySelector<HTMLInputElement>('[data-test=whole-reason]')!
  const type = (text: string) => {
    reason.value = text
    reason.dispatchEvent(new Event('input'))
  }
  type('x')
  await vi.waitFor(() => expect(page.textContent).toContain('masked until'))
  expect(file()).not.toContain('whole')
  type('moved to the new system')
  await vi.waitFor(() => expect(file()).toContain('whole=true&reason=moved%20to%20the%20new%20system'))
})
