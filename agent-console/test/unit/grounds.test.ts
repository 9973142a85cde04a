import { expect, it, vi } from 'vitest'
import CallGrounds from '../../src/components/CallGrounds.vue'
import { mount } from './mount'

const ground = { customer: 'RJ', name: 'Ruijia', basis: 'contract', from: null, until: '2030-12-31', evidence: 'letter', version: 'a1' }
const standing = {
  customer: 'RJ', site: 'S1', name: '<b>Store</b> 1', status: 'to_confirm', statusReason: 'renamed', listed: true,
  reason: '<img src=x onerror=alert(1)>', until: null, evidence: '', earliest: '2026-08-03', version: 'b1'
}

function type(page: HTMLElement, test: string, text: string): void {
  const input = page.querySelector<HTMLInputElement>(`input[data-test="${test}"], [data-test="${test}"] input`)!
  input.value = text
  input.dispatchEvent(new Event('input'))
}

it('shows whether a site may be rung, as text, and gives back what was seen with a change', async () => {
  const asked: string[] = []
  const bodies: unknown[] = []
  vi.stubGlobal('fetch', async (url: string, init: { method: string; body?: string }) => {
    asked.push(`${init.method} ${String(url).replace('/api/v1', '')}`)
    if (init.body) bodies.push(JSON.parse(init.body))
    return new Response(JSON.stringify(String(url).includes('/sites/') ? standing : ground))
  })
  const page = mount(CallGrounds, {})
  type(page, 'grounds-customer', 'RJ')
  type(page, 'grounds-site', 'S1')
  page.querySelector('form')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(page.querySelector('[data-test="listed"]')).not.toBeNull())
  expect(page.querySelector('img')).toBeNull()
  expect(page.textContent).toContain('<img src=x')
  expect(page.textContent).toContain('2026-08-03')
  const free = page.querySelector<HTMLButtonElement>('[data-test="free"]')!
  expect(free.disabled).toBe(true)
  type(page, 'standing-reason', 'they asked')
  await vi.waitFor(() => expect(free.disabled).toBe(false))
  free.click()
  await vi.waitFor(() => expect(asked).toContain('POST /customers/RJ/sites/S1/do-not-call/end'))
  expect(bodies).toEqual([{ reason: 'they asked', evidence: '', version: 'b1' }])
}, 30_000)

it('names the end of the call that put the site on the list', async () => {
  vi.stubGlobal(
    'fetch',
    async (url: string) =>
      new Response(JSON.stringify(String(url).includes('/sites/') ? { ...standing, reason: 'refused_for_good' } : ground))
  )
  const page = mount(CallGrounds, {})
  type(page, 'grounds-customer', 'RJ')
  type(page, 'grounds-site', 'S1')
  page.querySelector('form')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(page.querySelector('[data-test="listed"]')).not.toBeNull())
  const told = page.querySelector('[data-test="listed"]')!.textContent
  expect(told).toMatch(/Refused for good|拒绝回访（永久）/)
  expect(told).not.toContain('refused_for_good')
}, 30_000)
