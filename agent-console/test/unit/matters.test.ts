import { afterEach, expect, it, vi } from 'vitest'
import type { Matter, MatterKind } from '../../src/api/matters'
import CallMatters from '../../src/components/CallMatters.vue'
import MatterKinds from '../../src/components/MatterKinds.vue'
import { draftFrom, draftOf, formOf, late, offered } from '../../src/form/matters'
import { speak } from '../../src/i18n'
import { mount } from './mount'

afterEach(() => vi.unstubAllGlobals())

const kind = (code: string, parent: string | null, active = true): MatterKind => ({
  code,
  parent,
  nameEn: `en ${code}`,
  nameZh: `zh ${code}`,
  byPhone: true,
  position: 0,
  active
})
const KINDS = [
  kind('repair', null),
  kind('praise', null, false),
  kind('repair-power', 'repair'),
  kind('repair-old', 'repair', false),
  kind('praise-person', 'praise')
]
const MATTER: Matter = {
  id: 5,
  reference: null,
  kind: 'repair-old',
  kindEn: '<b>old</b>',
  kindZh: '旧',
  customerCode: 'RJ',
  customerName: 'Ruijia',
  siteCode: 'S1',
  siteName: 'Store 1',
  deviceId: 7,
  device: 'Boiler 5',
  number: '138****8000',
  faultCode: 'E4',
  description: '<img src=x onerror=alert(1)>',
  result: null,
  resultNote: '',
  assignedTo: null,
  dueAt: null,
  source: 'call',
  openedAt: '2026-03-02T01:00:00.000Z',
  openedBy: 'li',
  dispatchedAt: null,
  doneAt: null,
  doneBy: null,
  lastAgent: '8001',
  version: 3,
  state: 'open'
}
const SUGGESTION = {
  customerCode: 'RJ',
  siteCode: 'S1',
  siteName: 'Store 1',
  number: '138****8000',
  devices: [{ id: 7, name: 'Boiler 5' }]
}

it('offers what is in use, and the old kind a matter has', () => {
  const codes = (chosen: string) =>
    offered(KINDS, chosen).map((branch) => [branch.code, ...branch.children.map((each) => each.code)])
  expect(codes('')).toEqual([['repair', 'repair-power']])
  expect(codes('repair-old')).toEqual([['repair', 'repair-power', 'repair-old']])
  expect(codes('praise-person')).toEqual([
    ['repair', 'repair-power'],
    ['praise', 'praise-person']
  ])
})

it('begins with who calls and sends a known device by its id', () => {
  const contact = { kind: 'call' as const, id: 'c-1' }
  const draft = { ...draftOf(SUGGESTION), kind: 'repair' }
  expect(formOf(draft, null, contact)).toEqual({
    kind: 'repair',
    customer: 'RJ',
    site: 'S1',
    deviceId: 7,
    device: '',
    number: '138****8000',
    faultCode: '',
    description: '',
    contact
  })
  expect(formOf({ ...draft, device: 'a kettle', site: '' }, null, null)).toMatchObject({
    site: null,
    deviceId: null,
    device: 'a kettle'
  })
})

it('sends the time only when it was changed, and always the version that was read', () => {
  const form = formOf(draftFrom(MATTER), MATTER, null)
  expect(form.version).toBe(3)
  expect('openedAt' in form).toBe(false)
  const earlier = new Date('2026-03-01T00:00:00Z')
  expect(formOf({ ...draftFrom(MATTER), openedAt: earlier }, MATTER, null).openedAt).toBe(
    '2026-03-01T00:00:00.000Z'
  )
  expect(late({ ...MATTER, dueAt: '2026-03-02T01:00:00Z' }, Date.parse('2026-03-02T01:00:01Z'))).toBe(true)
  expect(late(MATTER, Date.now())).toBe(false)
})

it('joins an open matter of the caller by one click and shows texts as texts', async () => {
  speak('en', false)
  const asked: string[] = []
  let joined = false
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      const path = new URL(url, 'http://x').pathname
      asked.push(`${init.method} ${path} ${String(init.body ?? '')}`.trim())
      if (init.method === 'POST') joined = true
      if (path.endsWith('/matter-kinds')) return new Response(JSON.stringify(KINDS))
      if (init.method === 'POST') return new Response(JSON.stringify(MATTER))
      return new Response(
        JSON.stringify({
          joined: joined ? [MATTER] : [],
          open: joined ? [] : [MATTER],
          suggestion: SUGGESTION,
          others: []
        })
      )
    })
  )
  const page = mount(CallMatters, { kind: 'call', id: 'c-1' })
  await vi.waitFor(() => expect(page.querySelector('[data-open="5"]')).not.toBeNull())
  expect(page.querySelector('img')).toBeNull()
  expect(page.textContent).toContain('<b>old</b>')
  page.querySelector<HTMLElement>('[data-test=join]')!.click()
  await vi.waitFor(() => expect(page.querySelector('[data-joined="5"]')).not.toBeNull())
  expect(asked).toContain('POST /api/v1/matters/5/contacts {"kind":"call","id":"c-1"}')
  page.querySelector<HTMLElement>('[data-test=new-matter]')!.click()
  await vi.waitFor(() => expect(page.querySelector('[data-test=matter-form]')).not.toBeNull())
  const values = [...page.querySelectorAll<HTMLInputElement>('[data-test=matter-form] input')].map(
    (input) => input.value
  )
  expect(values).toEqual(expect.arrayContaining(['S1', 'RJ', '138****8000']))
}, 30_000)

it('shows what the engine says against a kind', async () => {
  speak('zh', false)
  vi.stubGlobal(
    'fetch',
    vi.fn(
      async () => new Response(JSON.stringify({ error: 'invalid', message: '类别只有两级' }), { status: 400 })
    )
  )
  const page = mount(MatterKinds, { kinds: KINDS })
  expect(page.querySelector('[data-kind=praise]')?.classList).toContain('off')
  expect(page.querySelector('[data-kind=repair-power]')?.classList).toContain('child')
  page.querySelector<HTMLElement>('[data-kind=repair-power] button')!.click()
  await vi.waitFor(() => expect(page.querySelector('[data-test=kind-form]')).not.toBeNull())
  page.querySelector('form')!.dispatchEvent(new Event('submit'))
  await vi.waitFor(() => expect(page.textContent).toContain('类别只有两级'))
})
