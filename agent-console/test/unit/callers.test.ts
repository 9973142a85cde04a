import { expect, it, vi } from 'vitest'
import CallerCard from '../../src/components/CallerCard.vue'
import NumbersPage from '../../src/pages/NumbersPage.vue'
import { mount } from './mount'

vi.mock('vue-router', async (original) => ({
  ...(await original<typeof import('vue-router')>()),
  useRoute: () => ({ query: { block: 'c-7', number: '137****9999' } })
}))

const card = {
  callId: 'c-1',
  callerNumber: '+86138****8000',
  customer: null,
  tier: 'standard',
  site: null,
  devices: [],
  lastCalls: []
}
const site = { siteCode: 'S1', siteName: '<b>Store</b> 1', customerCode: 'RJ', customerName: 'Ruijia', tier: 'gold', city: '' }
const known = {
  id: 4, number: '+86138****8000', customer: 'RJ', customerName: 'Ruijia', site: 'S1', siteName: 'Store 1',
  source: 'call', call: 'c-1', note: '', boundBy: 'li', boundAt: '2026-02-03T02:00:00Z'
}

/** Answers by method and path; remembers what was asked. */
function engine(answers: Record<string, unknown>): { asked: string[]; bodies: string[] } {
  const seen = { asked: [] as string[], bodies: [] as string[] }
  vi.stubGlobal('fetch', async (url: string, init: { method: string; body?: string }) => {
    const key = `${init.method} ${String(url).replace('/api/v1', '').replace(/\?.*/, '')}`
    seen.asked.push(key)
    if (init.body) seen.bodies.push(init.body)
    const answer = answers[key] ?? (key === 'GET /tiers' ? [] : undefined)
    return new Response(answer === undefined ? null : JSON.stringify(answer), { status: answer === undefined ? 204 : 200 })
  })
  return seen
}

it('binds an unknown number to a site: one key, a word, Enter', async () => {
  const answers: Record<string, unknown> = { 'GET /calls/c-1/numbers': [], 'GET /sites': [site] }
  const seen = engine(answers)
  const page = mount(CallerCard, { card })
  await vi.waitFor(() => expect(seen.asked).toContain('GET /calls/c-1/numbers'))
  window.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyB', altKey: true }))
  await vi.waitFor(() => expect(page.querySelector('[data-test="bind-form"] input')).not.toBeNull())
  const input = page.querySelector<HTMLInputElement>('[data-test="bind-form"] input')!
  input.value = 'store'
  input.dispatchEvent(new Event('input'))
  await vi.waitFor(() => expect(page.querySelector('[data-found="S1"]')).not.toBeNull())
  expect(page.querySelector('.found b b')).toBeNull()
  answers['POST /calls/c-1/bind'] = known
  answers['GET /calls/c-1/numbers'] = [known]
  page.querySelector('form')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(page.querySelector('[data-known="4"]')?.textContent).toContain('Store 1'))
  expect(seen.bodies).toContain('{"customerCode":"RJ","siteCode":"S1"}')
  expect(page.querySelector('[data-test="bind-form"]')).toBeNull()
}, 30_000)

it('does not offer to bind a number that is withheld', async () => {
  const seen = engine({ 'GET /calls/c-1/numbers': [] })
  const page = mount(CallerCard, { card: { ...card, callerNumber: null } })
  await vi.waitFor(() => expect(seen.asked).toContain('GET /calls/c-1/numbers'))
  expect(page.querySelector('[data-test="bind"]')).toBeNull()
}, 30_000)

it('shows who is blocked, until when and why, as text, and serves him again', async () => {
  const blocked = { id: 7, number: '137****1111', reason: '<img src=x onerror=alert(1)>', until: null, blockedBy: 'boss', blockedAt: '2026-02-20T03:00:00Z', over: false }
  const seen = engine({ 'GET /blocklist': [blocked], 'GET /numbers': [known] })
  const page = mount(NumbersPage, {})
  await vi.waitFor(() => expect(page.querySelector('[data-blocked]')).not.toBeNull())
  expect(page.querySelector('img')).toBeNull()
  expect(page.textContent).toContain('<img src=x')
  page.querySelector<HTMLButtonElement>('[data-blocked] button')!.click()
  await vi.waitFor(() => expect(seen.asked).toContain('DELETE /blocklist/7'))
}, 30_000)

it('blocks the caller of a call whose number nobody has seen', async () => {
  const seen = engine({ 'GET /blocklist': [], 'GET /numbers': [] })
  const page = mount(NumbersPage, {})
  await vi.waitFor(() => expect(seen.asked).toContain('GET /blocklist'))
  const reason = page.querySelector<HTMLInputElement>('[data-test="block-form"] .reason input')!
  reason.value = 'rude'
  reason.dispatchEvent(new Event('input'))
  page.querySelector('[data-test="block-form"]')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(seen.asked).toContain('POST /calls/c-7/block'))
  expect(seen.bodies).toContain('{"reason":"rude","until":null}')
}, 30_000)
