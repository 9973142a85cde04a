import { expect, it, vi } from 'vitest'
import type { OwnRules } from '../../src/api/calling'
import WhyNot from '../../src/components/WhyNot.vue'
import { toForm, toRules } from '../../src/form/calling'
import { useSession } from '../../src/stores/session'
import { mount } from './mount'

const site = { siteCode: 'S1', siteName: '<b>Store</b> 1', customerCode: 'RJ', customerName: 'Ruijia', tier: 'gold', city: '' }
const answer = {
  siteCode: 'S1', siteName: 'Store 1', customerCode: 'RJ', campaign: 'spring', round: 2, zone: 'Asia/Urumqi',
  at: '2026-12-01T02:00:00Z', permitted: false, next: '2026-12-02T09:00:00Z',
  rules: [
    { rule: 'night', source: 'house rule', permitted: false, until: '2026-12-01T03:00:00Z', reason: 'too early' },
    { rule: 'per-day', source: 'house rule', permitted: true, until: null, reason: '0 of 2' }
  ]
}

it('keeps what the editor does not show and says nothing about what is empty', () => {
  const rules: OwnRules = {
    windows: { default: { 'mon-wed': ['10:00-11:00'], fri: ['14:00-15:00', '16:00-17:00'] }, gym: { sat: [] } },
    blackouts: ['05-01', '2026-11-01..2026-11-12'],
    caps: { perDay: 1, spacing: '3h', trades: { gym: { perDay: 1 } } }
  }
  const form = toForm(rules)
  expect(form.hours).toMatchObject({ mon: '10:00-11:00', wed: '10:00-11:00', thu: '', fri: '14:00-15:00, 16:00-17:00' })
  form.caps.perDay = ''
  form.caps.perWeek = '3'
  form.blackouts = '05-01\n\n  10-01 '
  const back = toRules(form, rules)
  expect(back.caps).toEqual({ perWeek: 3, spacing: '3h', trades: { gym: { perDay: 1 } } })
  expect(back.blackouts).toEqual(['05-01', '10-01'])
  expect(back.windows?.gym).toEqual({ sat: [] })
  expect(back.windows?.default).toMatchObject({ tue: ['10:00-11:00'], thu: [], fri: ['14:00-15:00', '16:00-17:00'] })
  form.ownHours = false
  expect(toRules(form, { windows: { default: {} } }).windows).toBeUndefined()
  expect(toRules(toForm({}), {})).toEqual({})
})

it('tells why a site is not rung, on its own clock, and changes its rules', async () => {
  const asked: string[] = []
  const bodies: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: { method: string; body?: string }) => {
    const key = `${init.method} ${String(url).replace('/api/v1', '')}`
    asked.push(key)
    if (init.body) bodies.push(init.body)
    if (key.startsWith('GET /sites')) return Response.json([site])
    if (key.startsWith('GET /why-not')) return Response.json(answer)
    if (init.method === 'PUT' && bodies.length === 1)
      return Response.json({ error: 'changed_meanwhile', message: 'boss was faster' }, { status: 409 })
    return Response.json({ owner: 'site', customerCode: 'RJ', siteCode: 'S1', rules: {}, version: 4, changedBy: 'boss', changedAt: answer.at })
  })
  const page = mount(WhyNot, {})
  useSession().me = { login: 'plan', name: 'Plan', roles: ['scheduler'], language: 'en', agent: null } as never
  const search = page.querySelector<HTMLInputElement>('[data-test="why-search"], [data-test="why-search"] input')!
  search.value = 'store'
  search.dispatchEvent(new Event('input'))
  await vi.waitFor(() => expect(page.querySelector('[data-found="S1"]')).not.toBeNull())
  expect(page.querySelector('.found b b')).toBeNull()
  page.querySelector<HTMLElement>('[data-found="S1"]')!.click()
  await vi.waitFor(() => expect(page.querySelector('[data-refused="night"]')?.textContent).toContain('too early'))
  expect(asked).toContain('GET /why-not?site=S1&customer=RJ')
  expect(page.querySelector('.verdict')?.textContent).toContain('15:00')
  expect(page.querySelector('[data-refused="night"]')?.textContent).toContain('09:00')
  expect(page.querySelector('[data-refused="per-day"]')).toBeNull()

  page.querySelector<HTMLElement>('[data-test="site-rules"]')!.click()
  await vi.waitFor(() => expect(document.querySelector('[data-cap="perDay"]')).not.toBeNull())
  const cap = document.querySelector<HTMLInputElement>('[data-cap="perDay"], [data-cap="perDay"] input')!
  const field = cap.matches('input') ? cap : cap.querySelector('input')!
  field.value = '1'
  field.dispatchEvent(new Event('input'))
  document.querySelector<HTMLFormElement>('[data-test="calling-rules"]')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(document.querySelector('[data-test="calling-rules"] .problem')?.textContent).toContain('boss was faster'))
  expect(asked).toContain('PUT /calling-rules?customer=RJ&site=S1')
  expect(JSON.parse(bodies[0]!)).toEqual({ version: 4, rules: { caps: { perDay: 1 } } })
  expect(field.value, 'what was typed stays').toBe('1')
}, 30_000)
