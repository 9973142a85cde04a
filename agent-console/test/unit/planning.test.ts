import { expect, it, vi } from 'vitest'
import type { CadenceDocument } from '../../src/api/planning'
import CadenceEditor from '../../src/components/CadenceEditor.vue'
import { toCadence, toCadenceForm } from '../../src/form/cadence'
import { useSession } from '../../src/stores/session'
import { mount } from './mount'

const whole: CadenceDocument = {
  campaign: 'RJ-2026',
  visits: { by: 'calendar', from: '2027-01-11', every: '3mo', gap: '30d', at: '09:00', closes: '45d' },
  events: [{ after: 'hand_over', in: '3h' }, { after: 'repair', in: '1d', campaign: 'R', gap: '2d' }],
  warranty: { visits: 2 },
  answeredByRecord: '7d'
}

it('brings a cadence into the form and back, and says nothing about what is empty', () => {
  expect(toCadence(toCadenceForm(whole))).toEqual(whole)
  expect(toCadence(toCadenceForm({}))).toEqual({})
  const form = toCadenceForm(whole)
  form.by = 'last-visit'
  form.collect = ' 7d '
  form.ownEvents = false
  form.warranty = ''
  expect(toCadence(form)).toEqual({
    campaign: 'RJ-2026',
    visits: { by: 'last-visit', every: '3mo', gap: '30d', at: '09:00', collect: '7d', closes: '45d' },
    answeredByRecord: '7d'
  })
  form.by = 'never'
  form.ownEvents = true
  form.events = []
  expect(toCadence(form)).toMatchObject({ visits: { by: 'never' }, events: [] })
})

it('tells both of two who change the same', async () => {
  const stored = {
    owner: 'customer', tierCode: null, customerCode: 'RJ', siteCode: null, cadence: whole, version: 3,
    savedBy: 'plan', savedAt: '2026-11-30T02:00:00Z', refusedBy: 'chen', refusedAt: '2026-11-30T03:00:00Z'
  }
  const bodies: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: { method: string; body?: string }) => {
    const path = String(url).replace('/api/v1', '')
    if (init.method === 'PUT') {
      bodies.push(init.body!)
      return Response.json({ error: 'changed_meanwhile', message: 'boss was faster' }, { status: 409 })
    }
    return Response.json(path.startsWith('/cadences') ? [stored] : stored)
  })
  const page = mount(CadenceEditor, {})
  useSession().me = { login: 'plan', name: 'Plan', roles: ['scheduler'], language: 'en', agent: null } as never
  await vi.waitFor(() => expect(page.querySelector('[data-cadence="RJ"]')).not.toBeNull())
  page.querySelector<HTMLElement>('[data-cadence="RJ"]')!.click()
  await vi.waitFor(() => expect(page.querySelector('[data-test="second"]')?.textContent).toContain('chen'))
  page.querySelector('form[data-test="cadence-form"]')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(page.querySelector('[data-test="cadence-refused"]')?.textContent).toContain('boss was faster'))
  expect(JSON.parse(bodies[0]!)).toEqual({ version: 3, cadence: whole })
})
